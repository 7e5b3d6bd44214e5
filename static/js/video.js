/**
 * Remembers which parts of a lesson's video were played, tells the server, and goes on where one stopped.
 *
 * What is claimed is what the browser itself says was played. Each page has a signed token and counts its reports; the
 * server judges by its own clock and answers with the parts that stand. What does not stand yet is claimed again with
 * the next report: a lost message costs nothing, a repeated one gains nothing. Without a signal the claims wait on the
 * phone, also when the tab is closed: see claims.js.
 */
import { bodyOf, readClaims, writeClaim } from "./claims.js";
import { isFromSite } from "./from-site.js";
import { renewToken } from "./token.js";
import { lengthOf, merge, subtract } from "./spans.js";

const EVERY = 20000; // milliseconds between reports while it plays
const AGAIN = 10000; // until the next try without a signal
const FASTEST = 2;
const NEAR_THE_END = 5000; // whoever stopped there begins anew
const CRUMBS = 500; // browsers round: so much of a video need not be claimed

export default function video(figure) {
  new Player(figure).begin();
}

class Player {
  constructor(figure) {
    this.figure = figure;
    this.words = figure.dataset;
    this.picture = figure.querySelector("video");
    this.length = Number(this.words.length);
    this.stand = JSON.parse(this.words.spans);
    this.sequence = 0;
    this.busy = false;
  }

  begin() {
    this.earlier = readClaims(this.words.url);
    this.offerSpeeds();
    this.resume();
    const { picture } = this;
    picture.addEventListener("play", () => this.schedule(EVERY));
    picture.addEventListener("pause", () => this.report());
    picture.addEventListener("ended", () => this.report());
    picture.addEventListener("timeupdate", () => this.keep());
    window.addEventListener("online", () => this.report());
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    if (this.earlier.length) this.report();
  }

  /** Parts played on this page, in milliseconds. */
  played() {
    const ranges = this.picture.played;
    const spans = Array.from({ length: ranges.length }, (_, index) => [
      Math.round(ranges.start(index) * 1000),
      Math.min(this.length, Math.round(ranges.end(index) * 1000)),
    ]);
    return merge(spans);
  }

  open() {
    return subtract(this.played(), this.stand);
  }

  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), pause);
  }

  async report() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (const claim of [...this.earlier]) await this.sendEarlier(claim);
      if (lengthOf(this.open()) || this.moved()) await this.send(this.claim());
      this.say("");
    } catch {
      this.say(this.words.waiting);
      this.schedule(AGAIN);
    }
    this.busy = false;
    this.keep();
    if (!this.picture.paused) this.schedule(EVERY);
    else if (lengthOf(this.open()) > CRUMBS && !this.over) this.schedule(AGAIN);
  }

  /** What another load of this page could not report: with its own token, because its time counts. */
  async sendEarlier(claim) {
    const state = await this.send({ ...claim, sequence: claim.sequence + 1 });
    const left = subtract(claim.spans, this.stand);
    if (state === "signed-out") throw new Error(state);
    claim.sequence += 1;
    claim.spans = state === "kept" || state === "known" ? left : [];
    if (!lengthOf(claim.spans)) this.earlier = this.earlier.filter((one) => one !== claim);
    writeClaim(this.words.url, claim);
  }

  moved() {
    return this.picture.currentTime > 0 && this.position() !== this.told;
  }

  position() {
    return Math.round(this.picture.currentTime * 1000);
  }

  claim() {
    this.sequence += 1;
    return { token: this.words.token, sequence: this.sequence, spans: this.open(), position: this.position() };
  }

  /** Once more where the page was kept on the phone and its form's token is too old. */
  async insist(claim) {
    const response = await this.post(claim);
    if (response.status !== 400 || !isFromSite(response)) return response;
    await renewToken();
    return this.post(claim);
  }

  post(claim) {
    const headers = { Accept: "application/json" };
    return fetch(this.words.url, { method: "POST", body: bodyOf(claim), headers, credentials: "same-origin" });
  }

  async send(claim) {
    const response = await this.insist(claim);
    if (!isFromSite(response) || response.status >= 500 || response.status === 429) throw new Error(`answered ${response.status}`);
    if (!response.ok) {
      if (claim.token === this.words.token) this.over = true; // only a reload helps, and finds what waits
      return response.status === 401 ? "signed-out" : "refused";
    }
    const reply = await response.json();
    this.stand = reply.spans;
    if (claim.token === this.words.token) {
      this.sequence = Math.max(this.sequence, reply.sequence);
      this.told = claim.position;
    }
    if (reply.done) this.finish();
    return reply.state;
  }

  finish() {
    if (this.finished) return;
    this.finished = true;
    for (const one of document.querySelectorAll("[data-video='before']")) one.hidden = true;
    for (const one of document.querySelectorAll("[data-video='after']")) one.hidden = false;
    this.say("");
    document.dispatchEvent(new CustomEvent("watched")); // an answer may have waited for it
  }

  say(words) {
    const state = this.figure.querySelector("[data-video='state']");
    const shown = words || (this.finished ? this.words.watched : "");
    if (shown || state.textContent === this.words.waiting) state.textContent = shown;
  }

  /** The page may not come back: the last words go out without waiting for an answer. */
  leave() {
    this.keep();
    if (this.over || !(lengthOf(this.open()) || this.moved())) return;
    navigator.sendBeacon(this.words.url, bodyOf(this.claim()));
  }

  keep() {
    const { token } = this.words;
    writeClaim(this.words.url, { token, sequence: this.sequence, spans: this.open(), position: this.position() });
  }

  /** Where one stopped, on this device or another; a page that could not tell the server knows better. */
  resume() {
    const last = this.earlier[this.earlier.length - 1];
    const place = last ? last.position : Number(this.words.resumeAt);
    if (place <= 0 || place > this.length - NEAR_THE_END) return;
    const go = () => {
      this.picture.currentTime = place / 1000;
      this.told = place;
      this.say(this.words.resumed);
    };
    if (this.picture.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else this.picture.addEventListener("loadedmetadata", go, { once: true });
  }

  offerSpeeds() {
    const speed = this.figure.querySelector("[data-video='speed']");
    const choice = speed.querySelector("select");
    speed.hidden = false;
    choice.addEventListener("change", () => {
      this.picture.playbackRate = Number(choice.value);
    });
    this.picture.addEventListener("ratechange", () => {
      // Nothing beyond is believed: see the server.
      if (this.picture.playbackRate > FASTEST) this.picture.playbackRate = FASTEST;
      choice.value = String(this.picture.playbackRate);
    });
  }
}
