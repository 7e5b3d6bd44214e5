/**
 * Keeps each answer when it is given. Without this script the form's own buttons do.
 *
 * Answers wait in a queue (also in sessionStorage, so that a reload on a bad connection loses nothing) and go out one
 * at a time. Each carries a growing sequence and the sequence it is based on: a repeated message changes nothing, and
 * an answer from a second device is not overwritten unseen: the server replies 409 and the page shows what stands.
 * A page is named by its script: two tabs of one page, or a tab and its copy, are two. What a page before this one may
 * have sent is named with its last number (`former`), so that its answer does not look like another device's.
 * Time is the server's; what is shown here counts down from what it sent. Without a signal at the end, what was given
 * in time still counts: each answer says how long after the page's signed token it was given, and the server judges.
 */
import { isFromSite } from "./from-site.js";
import { Question } from "./question.js";

const TYPING_PAUSE = 1200; // milliseconds
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const PATIENCE = 15000; // for a reply: a connection that hangs says nothing for minutes
const ALLOWANCE = 15 * 60 * 1000; // milliseconds after the end in which the server takes answers given before it
const AFTER_TIME_IS_UP = 32000; // the server still takes answers for 30 seconds

export function start(form) {
  const quiz = new Quiz(form);
  quiz.begin();
  return quiz;
}

export default start;

class Quiz {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.store = `quiz-${form.dataset.attempt}`;
    this.device = freshName();
    form.elements.device.value = this.device;
    form.autocomplete = "off"; // a tab that is copied or opened again shows what the server has, and what waits
    this.questions = [...form.querySelectorAll("[data-question]")].map((card) => new Question(card, form));
    this.retry = FIRST_RETRY;
    this.busy = false;
    this.leaving = null;
  }

  begin() {
    this.restore();
    const save = this.form.querySelector("[data-quiz='save']");
    if (save) save.hidden = true;
    this.form.addEventListener("change", (event) => this.changed(event.target));
    this.form.addEventListener("input", (event) => this.typed(event.target));
    this.form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.pump());
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    window.addEventListener("beforeunload", (event) => this.waiting().length && event.preventDefault());
    for (const question of this.questions) this.changed(question.base);
    this.countDown();
    this.count();
    this.pump();
  }

  questionOf(input) {
    return this.questions.find((question) => question.card.contains(input));
  }

  typed(input) {
    if (!input.matches("input[type='text'], textarea")) return;
    const question = this.questionOf(input);
    if (!question) return;
    clearTimeout(question.pause);
    question.pause = setTimeout(() => this.changed(input), TYPING_PAUSE);
  }

  changed(input) {
    const question = this.questionOf(input);
    if (!question || this.isOver) return;
    clearTimeout(question.pause);
    if (question.snapshot() === question.kept) return;
    question.waits = true;
    question.given = { page: this.form.elements.page.value, elapsed: sinceThePage() };
    question.refused = false;
    question.show("unsaved", this.words.saving);
    this.keep();
    this.count();
    this.pump();
  }

  waiting() {
    // In the order in which they were given: the server takes none that is older than the one before.
    const given = (question) => question.given?.elapsed ?? 0;
    return this.questions.filter((question) => question.waits).sort((one, other) => given(one) - given(other));
  }

  /** Sends what waits, one answer at a time and in order. */
  async pump() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    let question;
    while ((question = this.waiting()[0])) {
      const outcome = await this.send(question).catch(() => "away");
      if (outcome === "stop") break;
      if (outcome === "away") {
        this.wait();
        break;
      }
      this.retry = FIRST_RETRY;
    }
    this.busy = false;
    this.keep();
    if (!this.waiting().length) this.settled();
  }

  /** Sends one answer; a connection that hangs is given up, for the same answer may be sent again. */
  async send(question) {
    const hangs = new AbortController();
    const patience = setTimeout(() => hangs.abort(), PATIENCE);
    try {
      return await this.exchange(question, hangs.signal);
    } finally {
      clearTimeout(patience);
    }
  }

  async exchange(question, signal) {
    const sent = question.snapshot();
    const body = question.body();
    this.keep(); // with its number: a page that takes over must count on from there
    const response = await fetch(question.url, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal,
    });
    // A network that wants a sign-in of its own answers in the site's place: that is no signal.
    if (!isFromSite(response)) return "away";
    if (response.status === 401) {
      this.state("unsaved", this.words.signedOut);
      return "stop";
    }
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    if (response.status >= 500 || response.status === 429) return "away";
    const reply = isJson ? await response.json() : {};
    if (response.status === 400 && !reply.message) {
      // The page's own token is too old, say after signing in again in another tab: a reload brings the answer back.
      this.state("unsaved", this.words.signedOut);
      return "stop";
    }
    if (reply.state === "closed") {
      this.close(reply.url);
      return "stop";
    }
    this.settle(question, reply, sent);
    return "done";
  }

  settle(question, reply, sent) {
    if (reply.state === "saved") {
      question.accept(reply.sequence, sent);
      if (!question.waits) question.show("saved", this.words.saved);
    } else if (reply.state === "conflict") {
      question.replace(reply.answer, reply.sequence);
      question.show("unsaved", this.words.conflict);
    } else {
      question.waits = false;
      question.refused = true;
      question.show("unsaved", reply.message ? `${this.words.refused}：${reply.message}` : this.words.refused);
    }
    this.count();
  }

  wait() {
    for (const question of this.waiting()) question.show("unsaved", this.words.waiting);
    this.state("unsaved", this.words.waiting);
    this.timer = setTimeout(() => this.pump(), this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  settled() {
    if (this.questions.some((question) => question.refused)) {
      this.leaving = null;
      this.state("unsaved", this.words.refused);
      return;
    }
    if (this.questions.some((question) => question.touched)) this.state("saved", this.words.allSaved);
    if (this.leaving) this.go();
  }

  /** A button was pressed: first what waits, then the page it leads to. */
  leave(event) {
    for (const question of this.questions) {
      if (question.pause && question.snapshot() !== question.kept) question.waits = true;
    }
    const refused = this.questions.find((question) => question.refused);
    if (refused) {
      event.preventDefault();
      refused.inputs()[0].focus();
      return;
    }
    if (!this.waiting().length && !this.busy) return;
    event.preventDefault();
    this.leaving = event.submitter ? event.submitter.value : "submit";
    this.pump();
  }

  go() {
    const then = document.createElement("input");
    then.type = "hidden";
    then.name = "then";
    then.value = this.leaving;
    this.leaving = null;
    this.form.append(then);
    this.form.submit();
  }

  close(url) {
    for (const question of this.questions) question.waits = false;
    sessionStorage.removeItem(this.store);
    location.assign(url);
  }

  /**
   * What waits survives a reload of this tab; nothing stays when it is saved. The page's name and number go along: an
   * earlier answer of this page may be stored though its reply was lost, and must not look like another device's.
   */
  keep() {
    const waiting = this.waiting().map((question) => [
      question.position,
      question.entries(),
      question.basedOn,
      question.sequence,
      question.sentBy(this.device),
      question.given,
    ]);
    try {
      if (waiting.length) sessionStorage.setItem(this.store, JSON.stringify(waiting));
      else sessionStorage.removeItem(this.store);
    } catch {
      // Private windows may have no storage: the queue lives in the page alone then.
    }
  }

  restore() {
    let waiting = [];
    try {
      waiting = JSON.parse(sessionStorage.getItem(this.store) || "[]");
    } catch {
      return;
    }
    for (const [position, entries, basedOn, sequence, formers, given] of waiting) {
      const question = this.questions.find((one) => one.position === position);
      if (!question) continue;
      question.fill(entries);
      question.basedOn = basedOn;
      question.sequence = Math.max(basedOn, sequence || 0);
      question.formers = Array.isArray(formers) ? formers : [];
      question.given = given;
      question.waits = true;
      question.show("unsaved", this.words.saving);
    }
  }

  count() {
    const count = this.form.querySelector("[data-quiz='count']");
    if (count) count.textContent = this.questions.filter((question) => question.entries().length).length;
  }

  state(name, words) {
    const state = this.form.querySelector("[data-quiz='state']");
    if (!state) return;
    state.dataset.state = name;
    state.textContent = words;
  }

  countDown() {
    const shown = this.form.querySelector("[data-quiz='time']");
    if (!shown || this.words.secondsLeft === undefined) return;
    const left = Number(this.words.secondsLeft);
    const wall = Date.now();
    const steady = performance.now();
    const tick = () => {
      // A sleeping phone stops one clock, a corrected one moves the other: the later of both is never too generous.
      const passed = Math.max(Date.now() - wall, performance.now() - steady) / 1000;
      const seconds = Math.max(0, Math.round(left - passed));
      shown.textContent = seconds ? this.clock(seconds) : this.words.timeUp;
      if (seconds) setTimeout(tick, 1000);
      else this.timeIsUp();
    };
    tick();
  }

  clock(seconds) {
    const { left, hours, minutes, seconds: unit } = this.words;
    const parts = [];
    if (seconds >= 3600) parts.push(`${Math.floor(seconds / 3600)} ${hours}`);
    if (seconds >= 60) parts.push(`${Math.floor((seconds % 3600) / 60)} ${minutes}`);
    // Seconds matter, and disturb, only near the end.
    if (seconds < 300) parts.push(`${seconds % 60} ${unit}`);
    return `${left} ${parts.join(" ")}`;
  }

  timeIsUp() {
    for (const question of this.questions) {
      if (question.pause && question.snapshot() !== question.kept) this.changed(question.inputs()[0]);
    }
    this.isOver = true;
    this.endedAt = performance.now();
    for (const question of this.questions) question.lock();
    this.pump();
    setTimeout(() => this.toResult(), AFTER_TIME_IS_UP);
  }

  /** On to the result once nothing waits for a signal any more, or it is too late for that. */
  toResult() {
    const isLate = performance.now() - this.endedAt > ALLOWANCE;
    if (this.waiting().length && !isLate) setTimeout(() => this.toResult(), FIRST_RETRY);
    else location.assign(`${location.pathname}/result`);
  }
}

/** Milliseconds since the server began to answer with this page, by a clock that nobody can set. */
function sinceThePage() {
  const [arrival] = performance.getEntriesByType("navigation");
  return Math.max(0, Math.round(performance.now() - (arrival ? arrival.responseStart : 0)));
}

/** A name that no other page has, whatever a browser restores of its fields. */
function freshName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
