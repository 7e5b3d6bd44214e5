/** The buttons above a section: they write marks into the text, as one would by hand. */

/** Characters that are read, without spaces and marks, as the server counts them (lms/cases/counting.py). */
export function countWords(text) {
  const read = text
    .replace(/\]\([^)\s]*|^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/gm, "")
    .replace(/\s|[#*`|>[\]]|!(?=\[)/g, "");
  return [...read].length;
}

/** Shows the buttons of `tools` and lets them write into `field`. `draft` uploads pictures and hears of changes. */
export function equip(tools, field, draft) {
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const tool = event.target.closest("button[data-tool]");
    if (tool) apply(tool.dataset.tool, field, draft.words);
  });
  const choose = tools.querySelector("[data-picture]");
  choose.addEventListener("change", async () => {
    for (const file of choose.files) await place(file, field, draft);
    choose.value = "";
  });
  field.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) place(file, field, draft);
  });
}

async function place(file, field, draft) {
  const markdown = await draft.upload(file);
  if (markdown) insert(field, paragraph(field, markdown));
}

function apply(tool, field, words) {
  const chosen = field.value.slice(field.selectionStart, field.selectionEnd);
  const lines = (mark) => (chosen || words.heading).split("\n").map(mark).join("\n");
  const made = {
    bold: () => `**${chosen.trim() || words.bold}**`,
    heading: () => paragraph(field, `### ${chosen.trim() || words.heading}`),
    list: () => paragraph(field, lines((line) => `- ${line}`)),
    numbers: () => paragraph(field, lines((line, index) => `${index + 1}. ${line}`)),
    quote: () => paragraph(field, lines((line) => `> ${line}`)),
    table: () => paragraph(field, table(words.columns)),
  }[tool]();
  insert(field, made);
}

function table(columns) {
  const [one, other] = columns.split("|");
  return `| ${one} | ${other} |\n| --- | --- |\n|  |  |`;
}

/** A paragraph of its own: a blank line before and after, where there is none. */
function paragraph(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const head = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = !after || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  return `${head}${text}${tail}`;
}

/** As if it was typed: one can take it back, and the page hears of it. */
function insert(field, text) {
  field.focus();
  if (!document.execCommand?.("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
