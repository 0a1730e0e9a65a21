"""Every permission there is, as `<scope>:<noun>:<verb>`."""

from enum import StrEnum


class Permission(StrEnum):
    ACCOUNT_OWN = "account:own:manage"
    """One's own password and sessions: everyone signed in."""

    SEARCH = "clinic:search:use"
    """Search and jump: all staff; what is found is a matter of each query."""
    NOTICES = "clinic:notices:read"
    """One's own notices, and which of them come by mail: all staff."""

    WORK = "clinic:work:view"
    """My work, the page that staff begin with; what stands on it is a matter of each query."""

    ACCOUNTS_MANAGE = "clinic:accounts:manage"
    TEAMS_MANAGE = "clinic:teams:manage"
    CLINIC_SETTINGS = "clinic:settings:manage"
    """Its name, time zone, telephone numbers, limits and glossary."""
    PATIENTS_LIST = "clinic:patients:list"
    PATIENT_ADD = "clinic:patients:add"
    ALERTS = "clinic:alerts:view"
    """Alerts that wait: of one's patients, and those that one was told of because nobody else took care: all staff."""
    TASKS_LIST = "clinic:tasks:list"
    """One's own tasks and those of one's patients, across patients."""

    PATIENT_VIEW = "patient:identity:view"
    """Name, birth date and ID."""
    IDENTITY_CORRECT = "patient:identity:correct"
    ABOUT_VIEW = "patient:about:view"
    ABOUT_EDIT = "patient:about:edit"
    CARE_TEAM_VIEW = "patient:care-team:view"
    CARE_TEAM_EDIT = "patient:care-team:edit"
    """Members, involved disciplines and the responsible clinician."""
    STATEMENT_RECORD = "patient:statement:record"

    BOARD_VIEW = "plan:board:view"
    DOCUMENT_VIEW = "plan:document:view"
    DOCUMENT_EDIT = "plan:document:edit"

    THREAD_VIEW = "plan:thread:view"
    THREAD_WRITE = "plan:thread:write"
    """Open, answer, resolve and reopen threads; edit one's own comments."""
    SUGGESTION_MAKE = "plan:suggestion:make"
    """Propose other words; who may edit the document answers."""
    TASK_VIEW = "plan:task:view"
    TASK_WRITE = "plan:task:write"

    PLAN_STATE_CHANGE = "plan:state:change"
    """Let the plan rest, close it, and open it again."""

    PLAN_HISTORY = "plan:history:view"
    """Versions, and what changed between them."""
    VERSION_NAME = "plan:version:name"
    RESTORE = "plan:version:restore"
    """Bring former words back, where one may write."""

    SIGN_OFF_VIEW = "plan:sign-off:view"
    SIGN_OFF_WRITE = "plan:sign-off:sign"
    """Put a version before the involved disciplines; sign it for one's own, or decline."""
    PUBLISH = "plan:publication:publish"
    """What the patient reads: the responsible clinician's."""
    WITHDRAW = "plan:publication:withdraw"
    ANSWER_RECORD = "plan:answer:record"
    """Write down what the patient said to a publication."""

    RECORD_RELEASE = "plan:record:release"
    """Take the full record, withhold parts of it, and release it: the responsible clinician's."""
    TICK_RECORD = "plan:tick:record"
    """Write down what the patient told of their tasks, day by day."""

    QUESTIONS_VIEW = "plan:questions:view"
    QUESTION_RECORD = "plan:question:record"
    """Write down what the patient asked."""
    QUESTION_ANSWER = "plan:question:answer"
    """Say how soon a patient's question wants an answer, and answer it."""
    ALERT_ACKNOWLEDGE = "plan:alert:acknowledge"
    """Put on record what was done about an alert."""

    PORTAL_ENTER = "clinic:portal:enter"
    """The way to the plans one may read as a patient, or for one."""
    PORTAL_PLAN_READ = "portal:plan:read"
    """The published plan, the team, and what else a patient's pages show."""
    PORTAL_WORDS_WRITE = "portal:words:write"
    """The patient's own words: statement, ticks, questions and answers."""
    PORTAL_COPY = "portal:copy:take"
    """A copy of what was published and of the patient's own words, and the record that was released."""
