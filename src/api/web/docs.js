/** The reference: draws openapi.json. */
import { shape } from './shape.js';

const index = document.getElementById('index');
const operations = document.getElementById('operations');

/** An element with properties and children; texts are always set as text. */
function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

function draw(api) {
  const calls = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  operations.replaceChildren(make('p', { className: 'soft' }, ...prose(api.info.description)));
  for (const { name } of api.tags) {
    const own = calls.filter(({ tags }) => tags.includes(name));
    const group = make('section', {}, make('h2', { textContent: name }), ...own.map(entry));
    index.append(group);
    operations.append(make('section', {}, make('h2', { textContent: name }), ...own.map((call) => card(call, api))));
  }
}

function entry({ operationId, method, path }) {
  return make('a', { href: `#${operationId}` }, verb(method), ` ${path}`);
}

function verb(method) {
  return make('span', { className: `verb ${method}`, textContent: method.toUpperCase() });
}

function card(call, api) {
  const { operationId, method, path, summary, description, parameters, requestBody, responses } = call;
  const [[type, { schema: body }]] = Object.entries(requestBody?.content ?? { none: {} });
  const [[status, answer]] = Object.entries(responses);
  const found = Object.values(answer.content ?? {})[0]?.schema;
  return make(
    'article',
    { className: 'card operation', id: operationId },
    make('div', { className: 'call' }, verb(method), make('a', { href: `#${operationId}`, textContent: path })),
    make('h3', { textContent: summary }),
    make('p', { className: 'soft' }, ...prose(description)),
    parameters.length ? parameterList(parameters, api) : undefined,
    body && titled(type === 'application/json' ? 'Body' : `Body, ${type}`, shape(body, api)),
    titled(`Answer ${status}: ${answer.description}`, found && shape(found, api)),
    sample(call),
  );
}

/** Text with `code` between backquotes. */
function prose(text) {
  return text.split('`').map((piece, place) => (place % 2 ? make('code', { textContent: piece }) : piece));
}

function parameterList(parameters, api) {
  const rows = parameters.flatMap(({ name, in: where, required, schema }) => [
    make('dt', { textContent: where === 'path' ? `{${name}}` : `?${name}=` }),
    make(
      'dd',
      { className: 'soft' },
      ...prose([required ? '' : 'Optional. ', schema.description ?? shapeLine(schema, api)].join('')),
    ),
  ]);
  return make('dl', { className: 'parameters' }, ...rows);
}

function shapeLine(schema, api) {
  return shape(schema, api).replaceAll(/\s+/g, ' ');
}

function titled(title, text) {
  const block = text && make('pre', {}, ...text.split(/(\/\/.*)/).map(note));
  return make('div', {}, make('h4', {}, ...prose(title)), block);
}

function note(piece) {
  return piece.startsWith('//') ? make('span', { className: 'note', textContent: piece }) : piece;
}

function sample({ method, path, security, requestBody, parameters, 'x-access': access }) {
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${location.origin}${path}`];
  if (security.length) lines.push('-H "Authorization: Bearer $KEY"');
  if (access === 'user') lines.push("-H 'X-Acting-User: ana'");
  if (requestBody?.content['application/json']) lines.push("-H 'Content-Type: application/json'", "-d '{}'");
  else if (requestBody) lines.push('-F file=@photo.jpg');
  const required = parameters.filter((each) => each.in === 'query' && each.required).map(({ name }) => `${name}=`);
  if (required.length) lines[0] += `?${required.join('&')}`;
  const text = lines.join(' \\\n  ');
  const copy = make('button', { type: 'button', textContent: 'Copy' });
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = 'Copied';
  });
  return make('div', { className: 'sample' }, make('pre', { textContent: text }), copy);
}

document.getElementById('filter').addEventListener('input', ({ target }) => {
  const wanted = target.value.trim().toLowerCase();
  for (const each of [...operations.querySelectorAll('.operation'), ...index.querySelectorAll('a')])
    each.hidden = !each.textContent.toLowerCase().includes(wanted);
  for (const group of document.querySelectorAll('#index section, #operations section'))
    group.hidden = !group.querySelector('.operation:not([hidden]), :scope > a:not([hidden])');
});

try {
  const response = await fetch('openapi.json');
  draw(await response.json());
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
} catch (error) {
  operations.replaceChildren(
    make('p', { className: 'bad', textContent: `The reference could not be loaded: ${error.message}` }),
  );
}
