// Completions for the configuration, from its JSON schema.

/** A source of completions; `schema` is asked for when it is needed. */
export function completions(schema) {
  return async (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const place = placeIn(context.state.doc, line.number, before);
    if (!place || (!context.explicit && place.word === "")) {
      return null;
    }
    const root = await schema();
    const nodes = place.path.reduce((some, key) => some.flatMap((node) => below(root, node, key)), [root]);
    const options = [
      ...(place.isValue ? [] : keys(root, nodes, place.inFlow)),
      ...(place.isValue || place.path.at(-1) === "*" ? values(root, nodes) : []),
    ];
    return options.length === 0
      ? null
      : { from: context.pos - place.word.length, options, validFor: /^[\w./-]*$/ };
  };
}

/** Where the cursor is: the keys above it (`*` for an element of a list), and whether a value is to come. */
function placeIn(doc, number, before) {
  if (/(^|\s)#/.test(before)) {
    return null;
  }
  const [, space, dashes, rest] = before.match(/^(\s*)((?:-\s+)*)(.*)$/);
  const path = above(doc, number, space.length, dashes.length);
  const flow = inFlow(rest);
  path.push(...flow.keys);
  const value = flow.rest.match(/^\s*([\w.-]+):\s+([^\s]*)$/);
  if (value) {
    return { path: [...path, value[1]], word: value[2], isValue: true, inFlow: flow.open };
  }
  const word = flow.rest.match(/^\s*([\w.-]*)$/);
  return word ? { path, word: word[1], isValue: flow.inList, inFlow: flow.open } : null;
}

/** The braces and brackets that are open in a line, and what follows the last of them or the last comma. */
function inFlow(text) {
  const keys = [];
  const opened = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{" || text[i] === "[") {
      const key = text.slice(from, i).match(/([\w.-]+):\s*$/);
      const added = [...(key ? [key[1]] : []), ...(text[i] === "[" ? ["*"] : [])];
      keys.push(...added);
      opened.push({ added: added.length, list: text[i] === "[" });
      from = i + 1;
    } else if ((text[i] === "}" || text[i] === "]") && opened.length > 0) {
      keys.splice(keys.length - opened.pop().added);
      from = i + 1;
    } else if (text[i] === "," && opened.length > 0) {
      from = i + 1;
    }
  }
  return { keys, open: opened.length > 0, inList: opened.at(-1)?.list ?? false, rest: text.slice(from) };
}

/** The keys of the lines above that hold what is at a column. */
function above(doc, number, space, dashes) {
  const path = dashes > 0 ? ["*"] : [];
  let column = space;
  let orSame = dashes > 0;
  for (let i = number - 1; i >= 1 && (column > 0 || orSame); i--) {
    const line = doc.line(i).text;
    const match = line.match(/^(\s*)((?:-\s+)*)([\w.-]+):(\s|$)/);
    if (!match || /^\s*#/.test(line)) {
      continue;
    }
    const start = match[1].length;
    const content = start + match[2].length;
    if (content < column || (orSame && content === column)) {
      path.unshift(match[3]);
      column = content;
      orSame = false;
    }
    if (match[2] !== "" && content === column) {
      path.unshift("*");
      column = start;
      orSame = true;
    }
  }
  return path;
}

/** The schemas that a schema stands for. */
function resolved(root, node) {
  if (node === undefined || typeof node !== "object" || node === null) {
    return [];
  }
  if (node.$ref) {
    const target = node.$ref.replace(/^#\//, "").split("/").reduce((from, key) => from?.[key], root);
    return resolved(root, target);
  }
  return [node, ...(node.anyOf ?? []).flatMap((each) => resolved(root, each))];
}

function below(root, node, key) {
  return resolved(root, node).flatMap((each) =>
    resolved(root, key === "*" ? each.items : (each.properties?.[key] ?? each.additionalProperties)));
}

function keys(root, nodes, inFlow) {
  const found = new Map();
  for (const node of nodes.flatMap((each) => resolved(root, each))) {
    for (const [key, value] of Object.entries(node.properties ?? {})) {
      const holds = resolved(root, value).some((each) => each.properties || each.additionalProperties);
      found.set(key, {
        label: key,
        apply: holds && !inFlow ? `${key}:` : `${key}: `,
        info: resolved(root, value).map((each) => each.description).find(Boolean)?.replaceAll("`", ""),
      });
    }
  }
  return [...found.values()];
}

function values(root, nodes) {
  const found = new Set();
  for (const node of nodes.flatMap((each) => resolved(root, each))) {
    for (const value of node.enum ?? (node.const === undefined ? [] : [node.const])) {
      found.add(String(value));
    }
    if ([node.type].flat().includes("boolean")) {
      found.add("true").add("false");
    }
  }
  // YAML reads off as false: both are allowed, and one of them is meant.
  found.delete("null");
  if (found.has("off")) {
    found.delete("false");
  }
  return [...found].map((label) => ({ label }));
}
