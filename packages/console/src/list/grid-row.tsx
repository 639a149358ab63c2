import CheckIcon from 'lucide-react/icons/check'
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react'
import { checkboxClass } from '../parts/basics.tsx'
import { cx } from '../parts/cx.ts'
import type { Anchor } from '../parts/popup-types.ts'
import { showToast } from '../parts/toast.ts'
import type { CellEditor, ShownColumn } from './columns.ts'
import css from './grid.module.css'
import type { EditState } from './grid-state.ts'

export interface RowHandlers<Row> {
  focusCell(row: number, column: number): void
  toggle(index: number, is_range: boolean): void
  startEdit(row: number, column: number): void
  stopEdit(): void
  save(index: number, column: number, value: unknown, next: 'stay' | 'right' | 'none'): Promise<void>
  open(index: number, in_new_tab: boolean): void
  menu(index: number, column: number, anchor: Anchor): void
  /** Ties the handlers to their rows. */
  readonly row?: Row
}

interface GridRowProps<Row> {
  row: Row
  row_id: number | string
  index: number
  top: number
  height: number
  columns: readonly ShownColumn<Row>[]
  is_selectable: boolean
  is_selected: boolean
  is_deleted: boolean
  active_column: number
  editing: EditState | null
  handlers: RowHandlers<Row>
  phoneRow: ((row: Row) => ReactNode) | undefined
}

const SELECT_WIDTH = 36

function DrawnRow<Row>(props: GridRowProps<Row>) {
  const { row, index, top, height, columns, is_selectable, is_selected, is_deleted, active_column, handlers } = props
  const offset = is_selectable ? 1 : 0
  let left = is_selectable ? SELECT_WIDTH : 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={is_selectable ? is_selected : undefined}
      className={cx(
        css.row,
        active_column >= 0 && css.rowActive,
        props.editing && css.rowEditing,
        is_deleted && css.deleted,
        props.phoneRow && css.phoneRow,
      )}
      style={{ top, height }}
    >
      {props.phoneRow ? (
        <PhoneCell {...props} />
      ) : (
        <>
          {is_selectable && (
            <SelectCell index={index} is_active={active_column === 0} is_selected={is_selected} handlers={handlers} />
          )}
          {columns.map((column, position) => {
            const at = left
            if (column.is_pinned) left += column.shown_width
            return (
              <GridCell
                key={column.id}
                row={row}
                row_id={props.row_id}
                index={index}
                column={column}
                position={position + offset}
                left={column.is_pinned ? at : undefined}
                is_last_pinned={column.is_pinned === true && !columns[position + 1]?.is_pinned}
                is_active={active_column === position + offset}
                editing={props.editing?.column === position + offset ? props.editing : null}
                handlers={handlers}
              />
            )
          })}
        </>
      )}
    </div>
  )
}

/** Drawn again only when something of the row itself changed. */
export const GridRow = memo(DrawnRow) as typeof DrawnRow

function PhoneCell<Row>({ row, index, active_column, phoneRow, handlers }: GridRowProps<Row>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid acts on keys
    <div
      role="gridcell"
      aria-colindex={1}
      tabIndex={active_column >= 0 ? 0 : -1}
      data-row={index}
      data-column={0}
      className={css.phoneCell}
      onClick={() => handlers.open(index, false)}
    >
      {phoneRow?.(row)}
    </div>
  )
}

interface SelectCellProps<Row> {
  index: number
  is_active: boolean
  is_selected: boolean
  handlers: RowHandlers<Row>
}

function SelectCell<Row>({ index, is_active, is_selected, handlers }: SelectCellProps<Row>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    <div
      role="gridcell"
      aria-colindex={1}
      tabIndex={is_active ? 0 : -1}
      data-row={index}
      data-column={0}
      data-pinned
      className={cx(css.cell, css.select, css.pinned)}
      style={{ left: 0 }}
    >
      <input
        type="checkbox"
        className={checkboxClass}
        tabIndex={-1}
        checked={is_selected}
        aria-label={`Select row ${index + 1}`}
        onClick={(event) => handlers.toggle(index, event.shiftKey)}
        onChange={() => {}}
      />
    </div>
  )
}

interface GridCellProps<Row> {
  row: Row
  row_id: number | string
  index: number
  column: ShownColumn<Row>
  position: number
  left: number | undefined
  is_last_pinned: boolean
  is_active: boolean
  editing: EditState | null
  handlers: RowHandlers<Row>
}

function GridCell<Row>(props: GridCellProps<Row>) {
  const { row, index, column, position, left, is_last_pinned, is_active, editing, handlers } = props
  const content = column.render(row)
  const text = column.text?.(row) ?? ''
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    <div
      role="gridcell"
      aria-colindex={position + 1}
      aria-label={content === null || content === undefined || content === '' ? 'empty' : undefined}
      tabIndex={is_active ? 0 : -1}
      data-row={index}
      data-column={position}
      data-lead={props.row_id}
      data-field={column.editor?.field}
      data-pinned={left === undefined ? undefined : true}
      className={cx(
        css.cell,
        column.align === 'end' && css.end,
        left !== undefined && css.pinned,
        is_last_pinned && css.lastPinned,
        editing && css.editing,
      )}
      style={left === undefined ? undefined : { left }}
    >
      {editing && column.editor ? (
        <CellInput
          key={props.row_id}
          editor={column.editor}
          label={column.label}
          text={editing.draft ?? text}
          error={editing.error}
          onSave={(value, next) => void handlers.save(index, position, value, next)}
          onCancel={handlers.stopEdit}
        />
      ) : (
        content
      )}
    </div>
  )
}

interface CellInputProps {
  editor: CellEditor
  label: string
  text: string
  error: string | undefined
  onSave: (value: unknown, next: 'stay' | 'right' | 'none') => void
  onCancel: () => void
}

function CellInput({ editor, label, text, error: given_error, onSave, onCancel }: CellInputProps) {
  const [draft, setDraft] = useState(text)
  const [error, setError] = useState(given_error)
  const input = useRef<HTMLInputElement>(null)
  const is_done = useRef(false)
  useEffect(() => input.current?.select(), [])
  const finish = (next: 'stay' | 'right' | 'none'): void => {
    if (is_done.current) return
    if (draft.trim() === text.trim() && !given_error) {
      is_done.current = true
      if (next === 'right') onSave(readValue(editor, draft), next)
      else if (next === 'stay') onCancel()
      else onSave(readValue(editor, draft), 'none')
      return
    }
    const problem = draft.trim() === '' ? undefined : editor.validate?.(draft.trim())
    setError(problem)
    if (problem && next !== 'none') return
    is_done.current = true
    if (problem) {
      showToast(`“${draft.trim()}” is not saved`, { tone: 'bad', detail: problem })
      onCancel()
    } else onSave(readValue(editor, draft), next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Enter') finish('stay')
    else if (event.key === 'Tab') {
      event.preventDefault()
      finish('right')
    } else if (event.key === 'Escape') {
      is_done.current = true
      onCancel()
    }
  }
  return (
    <>
      <input
        ref={input}
        // biome-ignore lint/a11y/noAutofocus: the person started editing
        autoFocus
        className={css.editor}
        aria-label={label}
        aria-invalid={error ? true : undefined}
        inputMode={editor.kind === 'number' ? 'numeric' : undefined}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => finish('none')}
      />
      {error && (
        <div className={css.editorError} role="alert">
          {error}
        </div>
      )}
    </>
  )
}

function readValue(editor: CellEditor, draft: string): unknown {
  const text = draft.trim()
  if (text === '') return null
  return editor.kind === 'number' ? Number(text) : text
}

/** Shown for a moment in a cell whose value has been stored. */
export const SavedMark = () => (
  <span className={css.saved}>
    <CheckIcon size={14} aria-hidden />
  </span>
)
