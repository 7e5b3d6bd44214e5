/** One question of a quiz's page: what is answered in it, and the message that keeps that. */

const MOST_FORMERS = 8; // pages before this one that are named: the server reads no more

export class Question {
  constructor(card, form) {
    this.card = card;
    this.form = form;
    this.position = card.dataset.question;
    this.url = card.dataset.url;
    this.base = card.querySelector(`[name='based_on.${this.position}']`);
    this.sequence = this.basedOn;
    this.kept = this.rendered();
    this.formers = []; // [name, last number] of the pages before this one that may have sent an answer
    this.waits = false;
    this.refused = false;
    this.touched = false;
  }

  get basedOn() {
    return Number(this.base.value);
  }

  set basedOn(sequence) {
    this.base.value = sequence;
  }

  inputs() {
    return [...this.card.querySelectorAll("input, select, textarea")].filter((input) => input !== this.base);
  }

  /** The answered inputs as [name, value]; nothing for what is empty. */
  entries() {
    return this.inputs()
      .filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : input.value.trim()))
      .map((input) => [input.name, input.value]);
  }

  /** What the site sent: on a slow connection people answer before this script is there. */
  rendered() {
    const entries = this.inputs().map((input) => {
      if (input.type === "radio" || input.type === "checkbox") return [input.name, input.defaultChecked && input.value];
      if (input.options) return [input.name, [...input.options].find((option) => option.defaultSelected)?.value];
      return [input.name, input.defaultValue];
    });
    return JSON.stringify(entries.filter(([, value]) => value && value.trim()));
  }

  /** The time is up: what stands can be read, and no longer changed. */
  lock() {
    for (const input of this.inputs()) input.disabled = true;
  }

  snapshot() {
    return JSON.stringify(this.entries());
  }

  /** Whoever may have sent an answer to this question, should this page be left before it hears. */
  sentBy(device) {
    return [...this.formers, [device, this.sequence]].slice(-MOST_FORMERS);
  }

  body() {
    this.sequence = Math.max(this.sequence, this.basedOn) + 1;
    const body = new URLSearchParams(this.entries());
    body.set("sequence", this.sequence);
    body.set("based_on", this.basedOn);
    body.set("device", this.form.elements.device.value);
    for (const [name, last] of this.formers) body.append("former", `${name}:${last}`);
    if (this.given) {
      body.set("page", this.given.page);
      body.set("elapsed", this.given.elapsed);
    }
    body.set("csrf_token", this.form.elements.csrf_token.value);
    return body;
  }

  accept(sequence, sent) {
    this.basedOn = sequence;
    this.sequence = Math.max(this.sequence, sequence);
    this.kept = sent;
    this.formers = []; // from here on what is stored is known
    this.touched = true;
    this.waits = this.snapshot() !== sent;
  }

  /** Puts the answer of the other device into the inputs. */
  replace(answer, sequence) {
    const prefix = `q${this.position}`;
    const entries = answer.chosen.map((name) => [prefix, name]);
    if (answer.text) entries.push([prefix, answer.text]);
    for (const [row, choice] of Object.entries(answer.pairs)) entries.push([`${prefix}.${row}`, choice]);
    this.fill(entries);
    this.accept(sequence, this.snapshot());
  }

  fill(entries) {
    for (const input of this.inputs()) {
      const values = entries.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
  }

  show(name, words) {
    const state = this.card.querySelector("[data-quiz='saved']");
    if (!state) return;
    state.dataset.state = name;
    state.textContent = words;
  }
}
