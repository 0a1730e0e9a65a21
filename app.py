"""create_app(): the only wiring."""

import time
from functools import partial

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import models.registry  # noqa: F401  (fills the metadata)
from access.limits import Limiter, Now
from access.sessions import TRUSTED_FOR
from actions.clinic_now import Clinic, ClinicNow
from actions.exports.record.record import Records
from actions.history import Sizes
from actions.ports import Clock, Mailing, system_clock
from actions.unit_of_work import Units
from blueprints import (
    about,
    account,
    accounts,
    alerts,
    authorship,
    board,
    care_team,
    clinic,
    comments,
    consents,
    csrf,
    demo,
    desk,
    errors,
    gate,
    glossary,
    headers,
    health,
    history,
    limits,
    looks,
    mail_wishes,
    my_answer,
    my_copy,
    my_looks,
    my_matters,
    my_paper,
    my_plan,
    my_questions,
    my_tasks,
    my_week,
    my_work,
    notices,
    patients,
    plain_texts,
    plan_check,
    plan_state,
    portal_access,
    questions,
    record,
    record_release,
    replay,
    request_log,
    resets,
    restores,
    search,
    session_cookie,
    sign_in,
    sign_off,
    statements,
    suggestions,
    task_changes,
    tasks,
    teams,
    threads,
    ticks,
)
from blueprints.clinic_time import the_clinic, timezone
from blueprints.doors import House, RowId
from cli.audit import audit
from cli.backup.commands import backup, restore
from cli.demo.commands import demo as demo_commands
from cli.doctor.commands import doctor
from cli.documents import documents
from cli.keys import keys
from cli.plan import plan
from cli.record import record as record_commands
from cli.search import search as search_commands
from cli.users import users
from config import ROOT, VERSION, Settings
from jobs import authorship as index_of_authors
from jobs import automatic_versions, waiting
from jobs.background import Background
from jobs.post import Post, sender_of
from livedoc.attribution import Attribution
from livedoc.chain import Chain
from livedoc.hub import Hub
from livedoc.log import Log
from models.base import db
from models.connections import engine_options
from models.seals import Seals
from realtime.native import commit_runner, runner
from realtime.server import attach
from rendering import chrome, filters, my
from rendering.assets import static_digest
from tally.tally import Tally

DOORS = (
    health,
    sign_in,
    my_work,
    desk,
    account,
    my_answer,
    my_copy,
    my_matters,
    my_looks,
    my_paper,
    my_plan,
    my_questions,
    my_week,
    patients,
    board,
    plain_texts,
    plan_check,
    authorship,
    history,
    restores,
    replay,
    threads,
    ticks,
    comments,
    suggestions,
    sign_off,
    record,
    record_release,
    about,
    portal_access,
    consents,
    statements,
    questions,
    alerts,
    plan_state,
    looks,
    care_team,
    tasks,
    task_changes,
    my_tasks,
    notices,
    mail_wishes,
    resets,
    accounts,
    teams,
    clinic,
    glossary,
    search,
)

COMMANDS = (
    *(users, demo_commands, audit, backup, restore),
    *(doctor, documents, plan, record_commands, keys, search_commands),
)


def create_app(
    settings: Settings | None = None, *, clock: Clock = system_clock, monotonic: Now = time.monotonic
) -> Flask:
    """The application, wired to its ports. Raises ConfigError for settings that cannot work.

    `clock` is what is written down, `monotonic` what limits are counted by.
    """
    settings = settings or Settings.from_environment()
    request_log.configure(settings.log_level)
    app = Flask(__name__, static_url_path=f"/static/{static_digest(ROOT / 'static')}")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME=settings.cookie_name,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=TRUSTED_FOR,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        MAX_CONTENT_LENGTH=1_000_000,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    Babel(app, default_timezone=settings.timezone, timezone_selector=timezone)
    seals = Seals(settings.integrity_keys)
    with app.app_context():
        engine = db.engine
    tally = Tally()
    limiter = Limiter(tally.limited, monotonic)
    commits = commit_runner(settings.async_mode, engine.dialect.name)
    aside = runner(settings.async_mode)
    hub = Hub(Log(engine, Chain(seals)), clock, commits, aside=aside, counts=tally.edits)
    mailing = Mailing(settings.smtp is not None, (settings.secret_key, *settings.secret_key_fallbacks))
    clinic_now = ClinicNow(Clinic(settings.clinic_name, settings.timezone), monotonic)
    units = Units(clock, locks=hub, seals=seals, mailing=mailing, clinic=clinic_now)
    sockets = attach(app, settings=settings, units=units, hub=hub, tally=tally, limiter=limiter)
    if settings.trusted_proxies:  # outermost, so that pages and handshakes alike see the client's own address
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, x_proto=1)  # type: ignore[method-assign]
    present = sockets.switchboard.connections
    post = _post(app, settings, units, tally)
    background = Background(
        settings,
        clock,
        engine,
        hub=hub,
        present=present,
        tally=tally,
        release=VERSION,
        post=post.send_due if post is not None else None,
        versions=partial(automatic_versions.take, app, units),
        waits=partial(waiting.take_care, app, units),
        authorship=partial(index_of_authors.catch_up, hub.log, aside),
    )
    mailing.nudge = background.nudge

    def shutdown() -> None:
        hub.shutdown()
        sockets.close()
        background.stop()
        attribution.close()

    attribution = Attribution(hub.log, aside)
    records = Records(engine, seals, aside)
    app.extensions["consilium"] = House(
        settings, units, hub, attribution, Sizes(aside), records, seals, tally, limiter, background.start, shutdown
    )
    _open_doors(app, settings, tally)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _post(app: Flask, settings: Settings, units: Units, tally: Tally) -> Post | None:
    """Who sends mails, where there is a server for them."""
    if settings.smtp is None:
        return None
    sender = sender_of(settings.public_url, settings.mail_from, settings.clinic_name)
    return Post(app, units, settings.smtp, sender, tally)


def _open_doors(app: Flask, settings: Settings, tally: Tally) -> None:
    app.url_map.converters["int"] = RowId
    request_log.install(app, tally.requests)
    limits.install(app)
    session_cookie.install(app)
    csrf.install(app)
    headers.install(app, https=settings.is_https)
    errors.install(app)
    filters.register(app)
    chrome.install(app, the_clinic=the_clinic, demo_mode=settings.demo)
    my.install(app)
    for door in DOORS:
        app.register_blueprint(door.blueprint)
    if settings.demo:
        app.register_blueprint(demo.blueprint)
    gate.install(app)
