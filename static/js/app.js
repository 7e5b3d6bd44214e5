// Starts what a page asks for: an element with data-behavior="confirm submit-once" gets both behaviors.
// Every page works without them; they only make it quicker or safer.

import { later, start } from "./behaviors.js";
import confirm from "./confirm.js";
import copyText from "./copy-text.js";
import dismiss from "./dismiss.js";
import focusErrors from "./focus-errors.js";
import keptList from "./kept-list.js"; // needed where nothing more can be fetched
import menu from "./menu.js";
import openWhenWide from "./open-when-wide.js";
import outbox from "./outbox.js";
import print from "./print.js";
import reveal from "./reveal.js";
import scrollBox from "./scroll-box.js";
import sendLater from "./send-later.js";
import submitOnce from "./submit-once.js";

// One line a behavior. What only a few pages need is fetched when such a page asks for it.
const behaviors = {
  along: later(() => import("./along.js")),
  arrange: later(() => import("./arrange.js")),
  confirm,
  "copy-text": copyText,
  dismiss,
  "focus-errors": focusErrors,
  draft: later(() => import("./draft.js")),
  "draft-sent": later(() => import("./draft-sent.js")),
  forget: later(() => import("./forget.js")),
  "kept-list": keptList,
  menu,
  "open-when-wide": openWhenWide,
  outbox,
  print,
  quiz: later(() => import("./quiz.js")),
  reveal,
  stream: later(() => import("./stream.js")),
  "send-later": sendLater,
  "submit-once": submitOnce,
  video: later(() => import("./video.js")),
};

start(behaviors, document);

// Keeps pages of courses for when there is no signal; only where the address is https or this machine.
if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});

// The text of a lesson comes from Markdown, which cannot ask for a behavior.
document.querySelectorAll(".table-wrap").forEach(scrollBox);
