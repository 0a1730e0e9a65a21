// Pages of tasks: forms in place, columns to drag between, and what others do, live.
import "../elements/task-forms.js";
import "../elements/task-columns.js";
import "../elements/task-desk.js";
