// The editors of the page, all with the same keys and look.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentService, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLineGutter, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const nonce = document.querySelector("script[nonce]").nonce;

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "color-mix(in srgb, var(--accent) 28%, transparent)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-added": { backgroundColor: "var(--fine-back)", boxShadow: "inset 3px 0 var(--fine)" },
  ".cm-changed": { backgroundColor: "var(--warned-back)", boxShadow: "inset 3px 0 var(--warned)" },
  ".cm-spacer": { backgroundImage: "repeating-linear-gradient(45deg, var(--panel) 0 6px, transparent 6px 12px)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "4px", maxWidth: "min(40rem, 92vw)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionInfo": { padding: "0.375rem 0.625rem", maxWidth: "22rem", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { padding: "0.375rem 0.625rem", fontFamily: "var(--sans)", whiteSpace: "normal" },
  ".cm-diagnostic pre": { marginTop: "0.375rem", whiteSpace: "pre" },
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--ink)", borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--paper)" },
  ".cm-panel.cm-panel-lint button": { color: "var(--ink)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--code-literal)" },
  { tag: [tags.comment, tags.meta, tags.punctuation], color: "var(--muted)" },
]);

class Spacer extends WidgetType {
  constructor(lines) {
    super();
    this.lines = lines;
  }

  eq(other) {
    return other.lines === this.lines;
  }

  toDOM(view) {
    const element = document.createElement("div");
    element.className = "cm-spacer";
    element.setAttribute("aria-hidden", "true");
    element.style.height = `${this.lines * view.defaultLineHeight}px`;
    return element;
  }

  get estimatedHeight() {
    return this.lines * 19.5;
  }
}

/** On changes that the user did not make. */
const byProgram = Annotation.define();

const mark = StateEffect.define();

const marks = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    const set = transaction.effects.find((effect) => effect.is(mark));
    return set ? set.value : value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Makes an editor in an element.
 *
 * @param label its name for those who do not see it
 * @param onChange called when the user changes its text; without it, the text cannot be changed
 * @param complete a source of completions
 */
export function editor(parent, label, { onChange, complete } = {}) {
  return new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLineGutter(),
        indentUnit.of("  "),
        indentService.of(belowKey),
        yaml(),
        syntaxHighlighting(colours),
        look,
        marks,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorState.readOnly.of(!onChange),
        complete ? autocompletion({ override: [complete], icons: false }) : [],
        EditorView.updateListener.of((update) => {
          if (update.docChanged && update.transactions.some((each) => each.annotation(byProgram) === undefined)) {
            onChange?.();
          }
        }),
        keymap.of([...lintKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      ],
    }),
  });
}

/** The indentation of a line below a key whose value is still to come. */
function belowKey(context, position) {
  const before = context.lineAt(position, -1);
  const key = before.text.slice(0, position - before.from).match(/^(\s*(?:- +)*)[^\s#].*:\s*$/);
  return key ? key[1].length + 2 : undefined;
}

/** Replaces the text; the part that stays keeps the cursor and the place. */
export function setText(view, text) {
  const old = view.state.doc.toString();
  if (old === text) {
    return;
  }
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) {
    from++;
  }
  let end = 0;
  while (end < old.length - from && end < text.length - from && old[old.length - 1 - end] === text[text.length - 1 - end]) {
    end++;
  }
  view.dispatch({
    changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) },
    annotations: byProgram.of(true),
  });
}

/** Puts problems at their lines: `{line, severity, message, remedy}`. */
export function setProblems(view, problems) {
  const doc = view.state.doc;
  const diagnostics = problems.map((problem) => {
    const line = doc.line(Math.min(Math.max(problem.line ?? 1, 1), doc.lines));
    const indent = line.text.match(/^[\s-]*/)[0].length;
    return {
      from: Math.min(line.from + indent, line.to),
      to: line.to,
      severity: problem.severity,
      message: problem.message,
      renderMessage: () => {
        const element = document.createElement("div");
        element.append(problem.message);
        if (problem.remedy) {
          const remedy = document.createElement("pre");
          remedy.textContent = problem.remedy;
          element.append(remedy);
        }
        return element;
      },
    };
  });
  diagnostics.sort((a, b) => a.from - b.from || a.to - b.to);
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Marks lines, and leaves room for those that only the other side has: `{line, kind}` or `{before, lines}`. */
export function setMarks(view, all) {
  const doc = view.state.doc;
  const builder = new RangeSetBuilder();
  for (const each of all) {
    if (each.kind) {
      builder.add(doc.line(each.line).from, doc.line(each.line).from, Decoration.line({ class: `cm-${each.kind}` }));
    } else {
      const end = each.before > doc.lines;
      const at = end ? doc.length : doc.line(each.before).from;
      builder.add(at, at, Decoration.widget({ widget: new Spacer(each.lines), block: true, side: end ? 1 : -1 }));
    }
  }
  view.dispatch({ effects: mark.of(builder.finish()) });
}

/** Goes to a line. */
export function goTo(view, number) {
  const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
  const indent = line.text.match(/^\s*/)[0].length;
  view.dispatch({
    selection: { anchor: line.from + indent },
    effects: EditorView.scrollIntoView(line.from, { y: "center" }),
  });
  view.focus();
}
