/** The fields of a form that hold one value: a text, a number, one of several, or JSON where there is nothing better. */
import { useId } from 'preact/hooks';
import type { Json } from '../../../../src/contract/words.ts';
import { numberOf, type Shape } from '../schema-fields.ts';
import { JsonArea, type Marks } from './json-area.tsx';

export interface LeafProps {
  name: string;
  shape: Shape;
  /** Undefined: the field is not there. */
  value: Json | undefined;
  required: boolean;
  /** What the server said about it. */
  wrong: readonly string[];
  onChange(value: Json | undefined): void;
}

export function SchemaLeaf(props: LeafProps) {
  const { name, shape, required, wrong } = props;
  const wrongId = useId();
  const marks = { 'aria-invalid': wrong.length > 0, 'aria-describedby': wrong.length > 0 ? wrongId : undefined };
  return (
    <div class="field">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: it is in there, whichever it is */}
      <label>
        <span>
          <b>{name}</b>
          {!required && <span class="faint"> may be left out</span>} {shape.description}
        </span>
        {inputFor(props, marks)}
      </label>
      <Wrong id={wrongId} wrong={wrong} />
    </div>
  );
}

/** What the server said about a field, below it. */
export function Wrong({ id, wrong }: { id: string; wrong: readonly string[] }) {
  if (wrong.length === 0) return null;
  return (
    <p class="wrong" id={id}>
      {wrong.join('; ')}
    </p>
  );
}

function inputFor(props: LeafProps, marks: Marks) {
  const { shape, value } = props;
  if (shape.kind === 'choice') return <Choice {...props} choices={shape.choices} marks={marks} />;
  const holdsObject = typeof value === 'object' && value !== null;
  if ((shape.kind !== 'text' && shape.kind !== 'number') || holdsObject)
    return <JsonArea value={value} mayBeEmpty={!props.required} marks={marks} onChange={props.onChange} />;
  const text = value === undefined || value === null ? '' : String(value);
  const type = (typed: string) => props.onChange(typedValue(typed, props));
  if (shape.kind === 'text' && (shape.long || text.includes('\n')))
    return <textarea rows={4} value={text} onInput={(event) => type(event.currentTarget.value)} {...marks} />;
  return (
    <input
      value={text}
      inputMode={shape.kind === 'number' ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
      onInput={(event) => type(event.currentTarget.value)}
      {...marks}
    />
  );
}

/** An emptied field is left out or null where it may be. */
function typedValue(typed: string, { shape, required }: LeafProps): Json | undefined {
  if (typed === '' && !required) return undefined;
  if (typed === '' && shape.nullable) return null;
  return shape.kind === 'number' ? numberOf(typed) : typed;
}

function Choice({
  choices,
  value,
  required,
  shape,
  onChange,
  marks,
}: LeafProps & { choices: readonly Json[]; marks: Marks }) {
  const allowed: (Json | undefined)[] = [
    ...choices,
    ...(shape.nullable ? [null] : []),
    ...(required ? [] : [undefined]),
  ];
  const at = allowed.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
  // What is there stays to be seen, also where it is not allowed.
  const shown = at < 0 ? [...allowed, value] : allowed;
  return (
    <select
      value={String(at < 0 ? allowed.length : at)}
      onChange={(event) => onChange(shown[Number(event.currentTarget.value)])}
      {...marks}
    >
      {shown.map((one, index) => (
        <option key={String(one)} value={String(index)}>
          {one === undefined ? 'not there' : typeof one === 'string' ? one : JSON.stringify(one)}
        </option>
      ))}
    </select>
  );
}
