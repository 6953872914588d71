'use strict';
(() => {
  const AT_ONCE = 100;
  const WHAT = { enforce: 'refused', warn: 'warned', audit: 'audited', exempted: 'exempted', fix: 'filled in' };
  const LOOK = { enforce: 'refused', warn: 'warned', audit: 'noted', exempted: 'noted', fix: 'fine' };
  const COLUMNS = [
    ['What', row => Object.keys(WHAT).indexOf(row.what)],
    ['Object', row => row.object],
    ['Rule', row => row.rule],
    ['Finding', row => row.text],
    ['Place', row => row.file, row => row.line],
  ];
  const data = JSON.parse(document.getElementById('data').textContent);
  const at = id => document.getElementById(id);

  const make = (name, text, classes) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (classes) element.className = classes;
    return element;
  };

  const rows = [];
  for (const object of data.reviews) {
    const add = (what, each, text, more) => rows.push({
      what,
      object: `${object.kind} ${object.namespace}/${object.name}`,
      namespace: object.namespace,
      profile: object.profile,
      container: each.container || '',
      rule: each.rule,
      text,
      file: object.file || '',
      line: each.line || 0,
      more,
    });
    for (const violation of object.violations) {
      add(violation.mode, violation, `${violation.path}: found ${violation.found}, wanted ${violation.wanted}`, violation.fix);
    }
    for (const exempted of object.exempted) {
      const grounds = exempted.exemptions.map(each =>
        `approved by ${each.approvedBy}${each.expires ? ` until ${each.expires}` : ''}: ${each.reason}`);
      add('exempted', exempted, `${exempted.path}: found ${exempted.found}; ${grounds.join('; ')}`);
    }
    for (const fix of object.fixed) {
      const value = fix.value === null ? 'removed' : JSON.stringify(fix.value);
      add('fix', fix, `${fix.path}: ${value}${fix.risk === 'safe' ? '' : ` (risk: ${fix.risk})`}`);
    }
  }
  for (const row of rows) {
    row.haystack = `${row.object} ${row.container} ${row.rule} ${row.text} ${row.file}`.toLowerCase();
  }

  const problems = [...data.problems, ...data.remarks];
  if (problems.length > 0) {
    const list = make('ul');
    problems.forEach(problem => list.append(make('li', problem)));
    at('problems').append(make('h2', 'What could not be judged, and remarks'), list);
  }

  const state = { sort: 0, descending: false, shown: AT_ONCE };
  let matching = [];

  const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

  const order = () => {
    const keys = COLUMNS[state.sort].slice(1);
    matching.sort((one, other) => {
      for (const key of keys) {
        const difference = compare(key(one), key(other));
        if (difference !== 0) return state.descending ? -difference : difference;
      }
      return 0;
    });
  };

  const rowOf = row => {
    const tr = make('tr');
    const what = make('td');
    what.append(make('span', WHAT[row.what], `verdict ${LOOK[row.what]}`));
    const object = make('td', row.object, 'place');
    if (row.container) object.append(make('br'), make('span', `container ${row.container}`, 'muted'));
    const text = make('td', row.text, 'text');
    if (row.more) {
      const details = make('details');
      details.append(make('summary', 'YAML that fixes it'), make('pre', row.more));
      text.append(details);
    }
    const place = row.file ? `${row.file}${row.line ? `:${row.line}` : ''}` : '';
    tr.append(what, object, make('td', row.rule, 'rule'), text, make('td', place, 'muted'));
    return tr;
  };

  const draw = from => {
    const fragment = document.createDocumentFragment();
    matching.slice(from, state.shown).forEach(row => fragment.append(rowOf(row)));
    if (from === 0) at('rows').replaceChildren(fragment);
    else at('rows').append(fragment);
    const left = matching.length - state.shown;
    at('more').hidden = left <= 0;
    at('more').textContent = `Show ${Math.min(left, AT_ONCE)} more`;
    at('count').textContent = `${matching.length} of ${rows.length} findings`
      + (left > 0 ? `, the first ${state.shown} shown` : '');
  };

  const show = () => {
    const words = at('search').value.toLowerCase().split(/\s+/).filter(word => word);
    const [what, rule, namespace] = ['what', 'rule', 'namespace'].map(id => at(id).value);
    matching = rows.filter(row =>
      (what === '' || (what === 'judged' ? row.what === 'enforce' || row.what === 'warn' : row.what === what))
      && (rule === '' || row.rule === rule)
      && (namespace === '' || row.namespace === namespace)
      && words.every(word => row.haystack.includes(word)));
    state.shown = AT_ONCE;
    order();
    draw(0);
  };

  const counted = key => {
    const counts = new Map();
    for (const row of rows) {
      if (row.what !== 'enforce' && row.what !== 'warn') continue;
      const count = counts.get(row[key]) || { enforce: 0, warn: 0 };
      count[row.what] += 1;
      counts.set(row[key], count);
    }
    return [...counts].sort(([, one], [, other]) =>
      other.enforce - one.enforce || other.warn - one.warn);
  };

  const chart = (title, key) => {
    const counts = counted(key);
    if (counts.length === 0) return;
    const most = Math.max(...counts.map(([, count]) => count.enforce + count.warn));
    const section = make('section');
    const list = make('ul', undefined, 'bars');
    for (const [name, count] of counts.slice(0, 15)) {
      const button = make('button');
      button.type = 'button';
      const bar = make('span', undefined, 'bar');
      for (const [mode, classes] of [['enforce', 'refused'], ['warn', 'warned']]) {
        const part = make('i', undefined, classes);
        part.style.width = `${(100 * count[mode]) / most}%`;
        bar.append(part);
      }
      button.append(make('span', name), bar, make('span', `${count.enforce} + ${count.warn}`));
      button.setAttribute('aria-label', `${name}: ${count.enforce} refused, ${count.warn} warned; show them`);
      button.addEventListener('click', () => {
        at(key).value = name;
        show();
        at('findings').scrollIntoView();
      });
      const item = make('li');
      item.append(button);
      list.append(item);
    }
    section.append(make('h2', `${title}: refused + warned`), list);
    at('charts').append(section);
  };

  const options = (id, first, values) => {
    at(id).append(new Option(first[0], first[1]));
    values.forEach(value => at(id).append(new Option(...value)));
  };

  options('what', ['refused and warned', 'judged'], [
    ...Object.entries(WHAT).map(([value, text]) => [text, value]), ['everything', '']]);
  const all = key => [...new Set(rows.map(row => row[key]))].sort().map(value => [value, value]);
  options('rule', ['every rule', ''], all('rule'));
  options('namespace', ['every namespace', ''], all('namespace'));

  COLUMNS.forEach(([title], index) => {
    const th = make('th');
    th.scope = 'col';
    const button = make('button', title);
    button.type = 'button';
    button.addEventListener('click', () => {
      state.descending = state.sort === index && !state.descending;
      state.sort = index;
      [...at('head').children].forEach((other, i) =>
        i === index
          ? other.setAttribute('aria-sort', state.descending ? 'descending' : 'ascending')
          : other.removeAttribute('aria-sort'));
      order();
      draw(0);
    });
    if (index === 0) th.setAttribute('aria-sort', 'ascending');
    th.append(button);
    at('head').append(th);
  });

  chart('By rule', 'rule');
  chart('By namespace', 'namespace');
  at('search').addEventListener('input', show);
  for (const id of ['what', 'rule', 'namespace']) at(id).addEventListener('change', show);
  document.querySelector('.filters').addEventListener('submit', event => event.preventDefault());
  at('all').addEventListener('click', () => {
    for (const id of ['search', 'what', 'rule', 'namespace']) at(id).value = '';
    show();
  });
  at('more').addEventListener('click', () => {
    const from = state.shown;
    state.shown += AT_ONCE;
    draw(from);
  });
  addEventListener('beforeprint', () => {
    state.shown = matching.length;
    draw(0);
  });
  at('findings').hidden = false;
  show();
})();
