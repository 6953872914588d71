// The page: asks the server about what the user writes, and shows the latest answer.
import { completions } from "./completion.js";
import { editor, goTo, setMarks, setProblems, setText } from "./editor.js";
import { compare } from "./lines.js";
import * as link from "./link.js";

const PAUSE = 250;
const MODES = { enforce: ["refused", "error"], warn: ["warned", "warning"], audit: ["noted", "info"] };
const WORDS = { enforce: "refused", warn: "warned", audit: "audited" };

const byId = (id) => document.getElementById(id);
const profile = byId("profile");
const example = byId("example");

const manifest = editor(byId("manifest"), "Manifest", { onChange: () => { example.value = ""; askSoon(); } });
const fixed = editor(byId("fixed"), "Fixed manifest");
const configuration = editor(byId("configuration"), "Configuration", {
  onChange: askSoon,
  complete: completions(once(async () => (await fetch("schema.json")).json())),
});

let builtIn = "";
let answer = { reviews: [] };
let stale = true;

const panels = {
  findings: () => {},
  configuration: () => {},
  exemptions: async () => {
    const { exemptions } = await ask("exemptions");
    byId("exemptions").textContent = exemptions ?? "";
  },
  admission: async () => {
    const { exchanges } = await ask("admission", { object: Number(byId("object").value || 0) });
    byId("exchanges").replaceChildren(...(exchanges ?? []).map(exchange));
  },
};

// Asking. An answer that a later question has overtaken is not shown.

let timer;

function askSoon() {
  stale = true;
  byId("verdict").classList.add("old");
  clearTimeout(timer);
  timer = setTimeout(review, PAUSE);
}

const asking = new Map();

async function ask(what, more) {
  asking.get(what)?.abort();
  const abort = new AbortController();
  asking.set(what, abort);
  const written = configuration.state.doc.toString();
  const response = await fetch(what, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      manifest: manifest.state.doc.toString(),
      configuration: written === builtIn ? null : written,
      profile: profile.value || null,
      ...more,
    }),
    signal: abort.signal,
  });
  if (!response.ok) {
    throw new Error((await response.text()).trim());
  }
  return response.json();
}

/** What is shown of a failure: nothing of a question that was overtaken. */
function report(error) {
  if (error.name !== "AbortError") {
    say("refused", error instanceof TypeError ? "The server does not answer." : error.message);
  }
}

async function review() {
  clearTimeout(timer);
  let next;
  try {
    next = await ask("review");
  } catch (error) {
    report(error);
    return;
  }
  setProblems(configuration, next.configurationProblems.map((each) => ({ ...each, severity: "error" })));
  if (next.profiles) {
    showProfiles(next.profiles, next.defaultProfile);
  }
  if (!next.report) {
    say("refused", `The configuration cannot be used: ${place(next.configurationProblems[0])}`);
    return;
  }
  answer = { ...next, reviews: next.report.reviews };
  stale = false;
  show();
  await showPanel();
}

// Showing.

function show() {
  const findings = answer.reviews.flatMap((each) => each.violations);
  setText(fixed, answer.fixed);
  setProblems(manifest, [
    ...answer.problems.map((each) => ({ ...each, severity: "error" })),
    ...findings.filter((each) => each.mode !== "audit").map((each) => ({
      line: each.line,
      severity: MODES[each.mode][1],
      message: each.message,
      remedy: each.fix,
    })),
  ]);
  const lines = (view) => view.state.doc.toString().split("\n");
  const { left, right } = compare(lines(manifest), lines(fixed));
  const beside = matchMedia("(min-width: 52.01rem)").matches;
  setMarks(manifest, beside ? left : left.filter((each) => each.kind));
  setMarks(fixed, beside ? right : right.filter((each) => each.kind));
  showVerdict(findings);
  showFindings();
  showObjects();
}

function showVerdict(findings) {
  const { problems, reviews } = answer;
  if (problems.length > 0) {
    say("refused", `${count(problems.length, "problem")}: ${place(problems[0])}`, "cannot be read");
    return;
  }
  if (reviews.length === 0) {
    say("noted", "No object here describes a pod.", "nothing to judge");
    return;
  }
  const refused = reviews.filter((each) => !each.allowed).length;
  const of = (mode) => findings.filter((each) => each.mode === mode).length;
  const fixes = new Set(reviews.flatMap((each, i) => each.fixed.map((fix) => `${i} ${fix.rule}`))).size;
  const parts = [
    reviews.length > 1 && refused > 0 ? `${refused} of ${reviews.length} objects` : count(reviews.length, "object"),
    count(of("enforce"), "violation"),
    count(of("warn"), "warning"),
    count(fixes, "fix", "fixes"),
  ];
  const word = refused > 0 ? "refused" : of("warn") > 0 ? "warned" : "fine";
  say(word, parts.join(", "), { refused: "refused", warned: "allowed, with warnings", fine: "allowed" }[word]);
}

function say(kind, text, word = "no answer") {
  byId("verdict").classList.remove("old");
  byId("verdict").replaceChildren(element("span", { className: `verdict ${kind}` }, word), element("span", {}, text));
}

function place(problem) {
  return `${problem.line ? `line ${problem.line}: ` : ""}${problem.message}`;
}

function showFindings() {
  const problems = answer.problems.map((problem) =>
    finding("refused", "error", problem.message, problem.line));
  const objects = answer.reviews.map(object);
  byId("findings-panel").replaceChildren(
    ...(problems.length > 0 ? [element("div", { className: "object" }, element("ul", { className: "findings" }, ...problems))] : []),
    ...objects,
  );
}

function object(one) {
  const word = !one.allowed ? "refused" : one.violations.some((each) => each.mode === "warn") ? "warned" : "fine";
  const rules = [...Map.groupBy(one.fixed, (fix) => fix.rule)];
  return element("section", { className: "object" },
    element("header", {},
      element("span", { className: `verdict ${word}` }, word === "refused" ? "refused" : "allowed"),
      element("h3", {}, `${one.kind} ${one.namespace}/${one.name}`),
      element("span", { className: "muted small" }, one.profile ? `profile ${one.profile}` : "")),
    element("ul", { className: "findings" },
      ...one.violations.map((each) =>
        finding(MODES[each.mode][0], WORDS[each.mode], each.message, each.line, each.fix))),
    one.notes.length + one.exempted.length === 0 ? "" : element("ul", { className: "findings" },
      ...one.notes.map((note) => finding("noted", "note", note)),
      ...one.exempted.map((each) => finding("noted", "exempt",
        `[${each.rule}] ${each.path}: found ${each.found}; ${each.exemptions.map((grounds) =>
          `${grounds.reason} (approved by ${grounds.approvedBy}${grounds.expires ? `, until ${grounds.expires}` : ""})`).join("; ")}`,
        each.line))),
    rules.length === 0 ? "" : element("details", {},
      element("summary", {}, `${count(rules.length, "fix", "fixes")} filled in`),
      element("ul", {}, ...rules.map(([rule, fixes]) =>
        element("li", {}, element("strong", {}, rule), ` ${fixes.map((fix) => fix.path).join(", ")}`)))));
}

function finding(kind, word, message, line, remedy) {
  const item = element("li", {},
    element("span", {}, element("span", { className: `verdict ${kind}` }, word)),
    element("div", { className: "what" }, message, remedy ? element("pre", { tabIndex: 0 }, remedy) : ""));
  if (line) {
    const go = element("button", { type: "button" }, `line ${line}`);
    go.addEventListener("click", () => goTo(manifest, line));
    item.append(go);
  }
  return item;
}

function showProfiles(names, otherwise) {
  const chosen = profile.value;
  profile.replaceChildren(
    new Option(`of the namespace (${otherwise})`, ""),
    ...names.map((name) => new Option(name, name)));
  profile.value = names.includes(chosen) ? chosen : "";
}

function showObjects() {
  const chosen = byId("object").value;
  byId("object").replaceChildren(...answer.reviews.map((each, i) =>
    new Option(`${each.kind} ${each.namespace}/${each.name}`, i)));
  if (Number(chosen) < answer.reviews.length) {
    byId("object").value = chosen || "0";
  }
}

function exchange({ path, request, response, patch }) {
  const verdict = response?.response;
  const box = element("section", { className: "exchange" },
    element("p", {},
      verdict ? element("span", { className: `verdict ${verdict.allowed ? "fine" : "refused"}` }, verdict.allowed ? "allowed" : "denied") : "",
      " ", element("code", {}, `POST ${path}`),
      ` for the ${request.request.kind.kind}`));
  const part = (title, json, open) => {
    const details = element("details", { open }, element("summary", {}, title),
      element("pre", { tabIndex: 0 }, JSON.stringify(json, null, 2)));
    box.append(details);
  };
  if (patch) {
    part(`The patch, decoded: ${count(patch.length, "operation")}`, patch, true);
  }
  part("The answer", response, !patch);
  part("The request", request, false);
  return box;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

function once(make) {
  let made;
  return () => (made ??= make());
}

// Tabs.

const tabs = [...document.querySelectorAll("[role=tab]")];

function choose(tab) {
  for (const each of tabs) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", chosen);
    each.tabIndex = chosen ? 0 : -1;
    byId(each.getAttribute("aria-controls")).hidden = !chosen;
  }
  showPanel();
}

async function showPanel() {
  const chosen = tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
  try {
    if (!stale) {
      await panels[chosen.id.replace("-tab", "")]();
    }
  } catch (error) {
    report(error);
  }
}

tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    }
  });
});

// What the user does.

example.addEventListener("change", async () => {
  if (example.value) {
    const response = await fetch(`examples/${example.value}.yaml`);
    setText(manifest, await response.text());
    review();
  }
});

profile.addEventListener("change", review);
byId("object").addEventListener("change", showPanel);

byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(fixed.state.doc.toString());
  say("noted", "The fixed manifest is on the clipboard.", "copied");
});

byId("share").addEventListener("click", async () => {
  const written = configuration.state.doc.toString();
  const fragment = await link.write({
    manifest: manifest.state.doc.toString(),
    profile: profile.value,
    configuration: written === builtIn ? null : written,
  });
  history.replaceState(null, "", `#${fragment}`);
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  say("noted", copied ? "The link is on the clipboard." : "The link is in the address bar.", "link");
});

const open = async (files) => {
  const texts = await Promise.all([...files].map((file) => file.text()));
  setText(manifest, texts.join("\n---\n"));
  example.value = "";
  review();
};

byId("open").addEventListener("click", () => byId("files").click());
byId("files").addEventListener("change", (event) => open(event.target.files));

const side = byId("manifest-side");
side.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files")) {
    event.preventDefault();
    side.classList.add("dropping");
  }
});
side.addEventListener("dragleave", () => side.classList.remove("dropping"));
side.addEventListener("drop", (event) => {
  side.classList.remove("dropping");
  if (event.dataTransfer.files.length > 0) {
    event.preventDefault();
    event.stopPropagation();
    open(event.dataTransfer.files);
  }
}, { capture: true });

/** Both sides scroll as one where they are side by side. */
function scrollTogether(from, to) {
  from.scrollDOM.addEventListener("scroll", () => {
    if (Math.abs(to.scrollDOM.scrollTop - from.scrollDOM.scrollTop) > 1) {
      to.scrollDOM.scrollTop = from.scrollDOM.scrollTop;
    }
  });
}

scrollTogether(manifest, fixed);
scrollTogether(fixed, manifest);

matchMedia("(min-width: 52.01rem)").addEventListener("change", () => stale || show());

async function start() {
  builtIn = await (await fetch("configuration.yaml")).text();
  let content = null;
  if (location.hash.length > 1) {
    try {
      content = await link.read(location.hash.slice(1));
    } catch {
      say("refused", "The link is damaged: nothing can be read from it.", "no content");
      setText(configuration, builtIn);
      return;
    }
  }
  setText(configuration, content?.configuration ?? builtIn);
  if (content === null) {
    example.value = "web";
    setText(manifest, await (await fetch("examples/web.yaml")).text());
  } else {
    setText(manifest, content.manifest);
    if (content.profile) {
      profile.replaceChildren(new Option(content.profile, content.profile));
    }
  }
  await review();
}

window.addEventListener("hashchange", start);
start();
