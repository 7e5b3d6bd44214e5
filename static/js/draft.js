/**
 * A case that is being written: kept while one types. Without this script the form's own buttons do.
 *
 * What was typed waits in localStorage until the server has it, so that a closed tab or a lost signal loses nothing.
 * Each message says on which save it is based. Where somebody else has saved since, the server keeps theirs and says
 * so; the page then asks which of the two is to stand, and the other one is kept among the old copies.
 */
import { isFromSite } from "./from-site.js";
import { countWords, equip } from "./markdown-tools.js";
import { reader } from "./reader.js";
import { renewToken, token } from "./token.js";

const PAUSE = 1500; // milliseconds after the last letter
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const PATIENCE = 20000; // for a reply

export default function start(form) {
  new Draft(form).begin();
}

class Draft {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.store = `draft-${reader()}-${form.dataset.draft}`;
    this.device = freshName();
    this.sequence = Number(form.dataset.sequence);
    this.retry = FIRST_RETRY;
    this.waits = false;
    this.busy = false;
    this.stopped = false;
  }

  begin() {
    if (this.words.closed) return;
    if (this.isStale()) {
      location.reload();
      return;
    }
    this.form.elements.device.value = this.device;
    this.form.autocomplete = "off";
    this.kept = this.snapshot();
    for (const tools of this.form.querySelectorAll("[data-tools]")) {
      equip(tools, this.form.elements[tools.dataset.tools], this);
    }
    this.restore();
    this.form.addEventListener("input", (event) => event.target.type !== "file" && this.changed());
    this.form.addEventListener("submit", () => this.leave());
    this.form.addEventListener("click", (event) => this.find(event));
    window.addEventListener("online", () => this.pump());
    window.addEventListener("pagehide", () => this.remember());
    this.count();
    this.selectPlace();
  }

  /** What the form would send, without what changes with each page. */
  snapshot() {
    const fields = [...new FormData(this.form)].filter(
      ([name]) => !["csrf_token", "device", "based_on", "insists", "then"].includes(name),
    );
    return JSON.stringify(fields);
  }

  changed() {
    this.count();
    if (this.snapshot() === this.kept) return;
    this.waits = true;
    this.remember();
    if (this.stopped) return;
    this.state("unsaved", this.words.saving);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pump(), PAUSE);
  }

  async pump() {
    if (this.busy || this.stopped || !this.waits) return;
    this.busy = true;
    clearTimeout(this.timer);
    const sent = this.snapshot();
    const outcome = await this.send(sent).catch(() => "away");
    this.busy = false;
    if (outcome === "away") {
      this.state("unsaved", this.words.waiting);
      this.timer = setTimeout(() => this.pump(), this.retry);
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
    } else if (outcome === "saved") {
      this.retry = FIRST_RETRY;
      this.kept = sent;
      this.waits = this.snapshot() !== sent;
      if (this.waits) this.timer = setTimeout(() => this.pump(), PAUSE);
      else this.state("saved", this.words.saved);
      this.remember();
    }
  }

  async send(sent, again = false) {
    const body = new URLSearchParams(JSON.parse(sent));
    body.set("csrf_token", token());
    body.set("device", this.device);
    body.set("based_on", this.sequence);
    if (this.insists) body.set("insists", this.insists);
    const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
    const headers = { Accept: "application/json" };
    const answer = await fetch(this.words.save, { method: "POST", body, headers, credentials: "same-origin", signal });
    if (!isFromSite(answer) || answer.status >= 500 || answer.status === 429) return "away";
    if (answer.status === 401) return this.stop(this.words.signedOut);
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    const reply = isJson ? await answer.json() : {};
    if (answer.status === 400 && !again) {
      const missing = await renewToken().catch((error) => error);
      if (missing) return missing.message === "signed out" ? this.stop(this.words.signedOut) : "away";
      return this.send(sent, true);
    }
    if (reply.state === "saved") {
      this.sequence = reply.sequence;
      this.note();
      this.insists = "";
      this.form.elements.based_on.value = reply.sequence;
      return "saved";
    }
    if (reply.state === "conflict") return this.ask(reply);
    this.state("unsaved", reply.message ? `${this.words.refused}：${reply.message}` : this.words.refused);
    return "refused";
  }

  stop(words) {
    this.stopped = true;
    this.remember();
    this.state("unsaved", words);
    return "stopped";
  }

  /** Two texts: the writer says which one is to stand. Neither is lost. */
  ask(reply) {
    this.stop(this.words.conflict.replace("{who}", reply.who));
    const place = this.form.querySelector("[data-draft-state]");
    const mine = this.button(this.words.mine, () => {
      this.insists = "1"; // based on what this page saw: the server keeps the other text aside
      this.stopped = false;
      this.state("unsaved", this.words.saving);
      this.pump();
    });
    const theirs = this.button(this.words.theirs, async () => {
      this.insists = "aside"; // this page's text goes to the old copies, and the other one stays
      const outcome = await this.send(this.snapshot()).catch(() => "away");
      if (outcome !== "saved") return;
      this.waits = false;
      this.remember();
      location.reload();
    });
    place.append(" ", mine, " ", theirs);
    return "conflict";
  }

  button(words, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words;
    button.addEventListener("click", press);
    return button;
  }

  /** The form's own buttons send everything themselves. */
  leave() {
    clearTimeout(this.timer);
    this.leaving = true;
    this.form.elements.device.value = this.device;
    this.form.elements.based_on.value = this.sequence;
    this.remember();
  }

  /** Which save this browser last heard of: a page that was made while it was on its way shows older text. */
  note() {
    try {
      localStorage.setItem(`${this.store}-saved`, this.sequence);
    } catch {
      // Without storage the server's question about two texts remains.
    }
  }

  isStale() {
    try {
      const heard = Number(localStorage.getItem(`${this.store}-saved`) || 0);
      localStorage.removeItem(`${this.store}-saved`); // asked once: a page is loaded again once at most
      return heard > this.sequence;
    } catch {
      return false;
    }
  }

  remember() {
    try {
      if (this.waits) {
        const kept = { fields: JSON.parse(this.snapshot()), sequence: this.sequence, device: this.device };
        localStorage.setItem(this.store, JSON.stringify(kept));
      } else localStorage.removeItem(this.store);
    } catch {
      // Private windows may have no storage: the text lives in the page alone then.
    }
  }

  /** What an earlier page could not send comes back; the server says if somebody else has written since. */
  restore() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.store) || "null");
    } catch {
      return;
    }
    if (!kept || !Array.isArray(kept.fields)) return;
    const values = new Map();
    for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) || []), value]);
    for (const field of this.form.elements) {
      if (["abilities", "themes", "methods"].includes(field.name)) {
        field.checked = (values.get(field.name) || []).includes(field.value);
      } else if (values.has(field.name) && field.type !== "hidden" && field.type !== "submit") {
        field.value = values.get(field.name)[0];
      }
    }
    if (this.snapshot() === this.kept) {
      localStorage.removeItem(this.store);
      return;
    }
    // The last save was that page's own, though its answer was lost: then nobody else's text is in the way.
    if (kept.device !== this.words.writer) this.sequence = kept.sequence;
    this.waits = true;
    this.state("unsaved", this.words.kept);
    this.timer = setTimeout(() => this.pump(), PAUSE);
  }

  count() {
    const count = ["background", "process", "results", "discussion"]
      .map((name) => countWords(this.form.elements[name].value))
      .reduce((sum, one) => sum + one, 0);
    const shown = this.form.querySelector("[data-draft-count]");
    shown.textContent = this.words.words.replace("{count}", count).replace("{advised}", this.words.advised);
    shown.classList.toggle("draft-form__count--over", count > Number(this.words.advised));
  }

  state(name, words) {
    const state = this.form.querySelector("[data-draft-state]");
    state.dataset.state = name;
    state.textContent = words;
  }

  /** A picture goes to the server, made safe and small there; its mark comes back. */
  async upload(file, again = false) {
    this.state("unsaved", this.words.uploading);
    const body = new FormData();
    body.append("file", file);
    body.append("csrf_token", token());
    const headers = { Accept: "application/json" };
    const answer = await fetch(this.words.pictures, { method: "POST", body, headers, credentials: "same-origin" }).catch(
      () => undefined,
    );
    if (answer?.status === 400 && !again) {
      const missing = await renewToken().catch((error) => error);
      if (!missing) return this.upload(file, true);
    }
    const reply = answer && isFromSite(answer) ? await answer.json().catch(() => ({})) : {};
    if (answer?.ok && reply.markdown) return reply.markdown;
    this.state("unsaved", `${this.words.uploadFailed}${reply.message ? `：${reply.message}` : ""}`);
    return "";
  }

  /** From a remark: the passage that it speaks of is marked, if it still stands as it was. */
  find(event) {
    const link = event.target.closest("a[data-find]");
    const field = link && this.form.elements[link.hash.slice(1)];
    if (!field) return;
    const letters = [...link.dataset.find].filter((char) => /[\p{L}\p{N}]/u.test(char));
    const place = new RegExp(letters.join("(?:[^\\p{L}\\p{N}]|^[ \\t]*\\d+[.)])*"), "mu").exec(field.value);
    if (!place || !letters.length) return; // the link leads to the field
    event.preventDefault();
    this.mark(field, place.index, place.index + place[0].length);
  }

  /** From the check: the words that were found are marked. */
  selectPlace() {
    const [, start, end] = (new URLSearchParams(location.search).get("at") || "").match(/^(\d{1,6})-(\d{1,6})$/) || [];
    const field = this.form.elements[location.hash.slice(1)];
    // The form's line breaks count as one character, as they do on the server.
    if (start && field?.setSelectionRange) this.mark(field, Number(start), Number(end));
  }

  mark(field, start, end) {
    field.focus();
    field.setSelectionRange(start, end);
    if (field.tagName !== "TEXTAREA") return;
    const share = start / Math.max(1, field.value.length);
    field.scrollTop = Math.max(0, field.scrollHeight * share - field.clientHeight / 2);
    field.scrollIntoView({ block: "center" });
  }
}

/** A name that no other page has, whatever a browser restores of its fields. */
function freshName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
