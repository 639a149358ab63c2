import { useEffect } from 'react'
import { useScope } from '../../api/session.ts'
import { Picker } from '../../parts/picker.tsx'
import { Popover } from '../../parts/popup.tsx'
import { typedAhead } from '../../shell/overlays.ts'
import { FilterEditor } from './filter-editor.tsx'
import type { FilterPopupProps } from './filter-props.ts'
import css from './filters.module.css'

/** The choice of a field, then its editor. */
export default function FilterPopup({ fields, filters, onChange, popup, hint }: FilterPopupProps) {
  const { value, anchor, close } = popup
  const is_admin = useScope('admin')
  const offered = fields.filter(({ needs_admin }) => is_admin || !needs_admin)
  const field = fields.find((each) => each.field === value)
  useEffect(() => {
    if (anchor instanceof Element && !anchor.isConnected) close()
  })
  return (
    <Popover anchor={anchor} onClose={close} label={field ? `Filter by ${field.label}` : 'Add filter'}>
      {field ? (
        <FilterEditor
          key={field.field}
          field={field}
          current={filters.filter((each) => each.field === field.field)}
          onChange={(changed) => onChange([...filters.filter((each) => each.field !== field.field), ...changed])}
          onClose={close}
        />
      ) : (
        <>
          <FieldPicker fields={offered} onPick={(picked) => popup.open(anchor, picked)} />
          {hint && <p className={css.hint}>{hint}</p>}
        </>
      )}
    </Popover>
  )
}

interface FieldPickerProps {
  fields: FilterPopupProps['fields']
  onPick: (field: string) => void
}

/** Takes the letters that were typed since the key was pressed. */
function FieldPicker({ fields, onPick }: FieldPickerProps) {
  return (
    <Picker
      label="Filter by"
      placeholder="Filter by …"
      options={fields.map(({ field, label }) => ({ value: field, label }))}
      typedAhead={typedAhead}
      onPick={onPick}
    />
  )
}
