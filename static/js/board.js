// The board's page: registers its elements. <plan-board> comes last, when those inside it are known.
import "./elements/panel-tabs.js";
import "./elements/task-forms.js";
import "./elements/in-place.js";
import "./elements/presence-list.js";
import "./elements/plan-board.js";
