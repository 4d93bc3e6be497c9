/** A JSON Schema as a few readable lines: names, types, and descriptions as comments. */

/** @param api the OpenAPI document, for references; without it they are told by their names */
export function shape(schema, api, indent = '', depth = 0) {
  const known = resolve(schema, api);
  if (known.named) return known.named;
  if (depth > 6) return '…';
  const options = known.anyOf ?? known.oneOf;
  if (options) return [...new Set(options.map((each) => shape(each, api, indent, depth + 1)))].join(' | ');
  if (known.enum) return known.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in known) return JSON.stringify(known.const);
  if (known.type === 'array') return `[${shape(known.items ?? {}, api, indent, depth + 1)}, …]`;
  if (known.properties) return object(known, api, indent, depth);
  return simple(known);
}

function object({ properties, required = [] }, api, indent, depth) {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, schema]) => {
    const type = shape(schema, api, inner, depth + 1);
    const { description } = resolve(schema, api);
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${type}${description ? `  // ${description.replaceAll('`', '')}` : ''}`;
  });
  return lines.length ? `{\n${lines.join('\n')}\n${indent}}` : '{}';
}

function simple({ type, format, pattern, minimum, maximum, maxLength, additionalProperties }) {
  if (type === 'object') return additionalProperties ? '{ name: value, … }' : '{}';
  if (type === undefined) return 'any JSON';
  if (format === 'date-time') return 'time';
  if (pattern?.includes('[1-9][0-9]{0,18}')) return 'id';
  const limits = [
    minimum > -1e15 && `from ${minimum}`,
    maximum < 1e15 && `to ${maximum}`,
    maxLength && `up to ${maxLength}`,
  ];
  const told = limits.filter(Boolean).join(' ');
  const name = Array.isArray(type) ? type.join(' | ') : type;
  return told ? `${name} (${told})` : name;
}

function resolve(schema, api) {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  if (name && !api) return { named: name, description: schema.description };
  return name ? { ...api.components.schemas[name], ...schema } : schema;
}
