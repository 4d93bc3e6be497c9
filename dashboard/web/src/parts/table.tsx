/** A table under the names of its columns; it scrolls by itself where there is no room. */

export interface Column {
  title: string;
  /** `num` stands to the right; `wide` and `roomy` ones are left out where there is no room. The cells below have the same. */
  class?: string;
  /** Shown at the pointer. */
  hint?: string;
  /** The title is for screen readers alone: everybody else sees what it is. */
  hidden?: boolean;
}

/** The last column of rows that can be changed. */
export const actionsColumn: Column = { title: 'Actions', hidden: true };

interface TableProps {
  columns: readonly Column[];
  class?: string;
  /** The rows. */
  children: preact.ComponentChildren;
}

export function Table({ columns, children, ...rest }: TableProps) {
  return (
    <div class="scroll">
      <table class={rest.class}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} class={column.class} title={column.hint}>
                {column.hidden ? <span class="hidden">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
