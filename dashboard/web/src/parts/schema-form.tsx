/** A value in a form made from its JSON Schema, field by field, with what the server found wrong below each field. */
import { useId } from 'preact/hooks';
import { jsonPointer } from '../../../../src/contract/pointer.ts';
import type { Json, JsonObject } from '../../../../src/contract/words.ts';
import type { CallError } from '../api.ts';
import { firstValue, type Schema, shapeOf, unnamedFields } from '../schema-fields.ts';
import { SchemaLeaf, Wrong } from './schema-leaf.tsx';

export interface SchemaFormProps {
  name: string;
  schema: Schema;
  /** Where references point into. */
  root: Schema;
  value: Json | undefined;
  /** Where the value stands in what is sent: `['payload', 'width']`. */
  path: readonly PropertyKey[];
  required: boolean;
  problems: CallError['fields'];
  onChange(value: Json | undefined): void;
}

export function SchemaForm(props: SchemaFormProps) {
  const { name, schema, root, value, required, onChange } = props;
  const shape = shapeOf(schema, root);
  const pointer = jsonPointer(props.path);
  if (shape.kind === 'object' && isObject(value)) return <ObjectFields {...props} shape={shape} value={value} />;
  if (shape.kind === 'list' && Array.isArray(value)) return <ListFields {...props} items={shape.items} value={value} />;
  const absent = value === undefined || value === null;
  if ((shape.kind === 'object' || shape.kind === 'list') && absent) {
    return (
      <div class="field">
        <Adder name={name} onAdd={() => onChange(firstValue({ ...shape, nullable: false }))} />
        <OwnWrong {...props} />
      </div>
    );
  }
  const about = props.problems.filter((problem) => covers(pointer, problem.pointer));
  const wrong = about.map((problem) => [problem.pointer.slice(pointer.length + 1), problem.detail].join(' ').trim());
  return <SchemaLeaf {...{ name, shape, value, required, wrong, onChange }} />;
}

type ObjectShape = Extract<ReturnType<typeof shapeOf>, { kind: 'object' }>;

function ObjectFields(props: Omit<SchemaFormProps, 'value'> & { shape: ObjectShape; value: JsonObject }) {
  const { shape, value, onChange } = props;
  const change = (name: string) => (next: Json | undefined) => {
    const others = Object.entries(value).filter(([other]) => other !== name);
    onChange(next === undefined ? Object.fromEntries(others) : { ...value, [name]: next });
  };
  const unnamed = unnamedFields(shape, value).map((name) => ({ name, schema: {}, required: false }));
  return (
    <Group {...props} description={shape.description}>
      {[...shape.fields, ...unnamed].map(({ name, schema, required }) => (
        <SchemaForm
          key={name}
          {...{ name, schema, required }}
          root={props.root}
          problems={props.problems}
          value={value[name]}
          path={[...props.path, name]}
          onChange={change(name)}
        />
      ))}
    </Group>
  );
}

function ListFields(props: Omit<SchemaFormProps, 'value'> & { items: Schema; value: Json[] }) {
  const { items, root, value, onChange } = props;
  return (
    <Group {...props}>
      {value.map((item, index) => (
        <div class="item" key={`${index} of ${value.length}`}>
          <SchemaForm
            name={String(index + 1)}
            schema={items}
            required
            {...{ root, problems: props.problems }}
            value={item}
            path={[...props.path, index]}
            onChange={(next) => onChange(value.map((one, at) => (at === index ? (next ?? null) : one)))}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`Take out ${props.name} ${index + 1}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            Take out
          </button>
        </div>
      ))}
      <Adder name={`to ${props.name}`} onAdd={() => onChange([...value, firstValue(shapeOf(items, root))])} />
    </Group>
  );
}

/** Fields that belong together, under their name; the outermost has none. */
function Group(props: SchemaFormProps & { description?: string | undefined; children: preact.ComponentChildren }) {
  const { name, required, path, onChange } = props;
  if (path.length === 1)
    return (
      <div class="fields">
        {props.children}
        <OwnWrong {...props} />
      </div>
    );
  return (
    <fieldset class="fields group">
      <legend>
        <b>{name}</b> <span class="soft">{props.description}</span>
        {!required && (
          <button type="button" class="quiet" aria-label={`Leave out ${name}`} onClick={() => onChange(undefined)}>
            Leave out
          </button>
        )}
      </legend>
      {props.children}
      <OwnWrong {...props} />
    </fieldset>
  );
}

function Adder({ name, onAdd }: { name: string; onAdd: () => void }) {
  return (
    <button type="button" onClick={onAdd}>
      Add {name}
    </button>
  );
}

/** What is wrong with the whole of an object or a list. */
function OwnWrong({ problems, path }: SchemaFormProps) {
  const id = useId();
  const own = problems.filter(({ pointer }) => pointer === jsonPointer(path));
  return <Wrong id={id} wrong={own.map(({ detail }) => detail)} />;
}

function covers(pointer: string, other: string): boolean {
  return other === pointer || other.startsWith(`${pointer}/`);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
