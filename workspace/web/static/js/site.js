// What every page does.
import "./theme.js";
import "./overlays.js";
import "./refused.js";
import "./toast.js";
import "./clocks.js";
