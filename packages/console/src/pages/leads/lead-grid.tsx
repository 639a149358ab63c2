import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import type { ListedLead } from '../../api/queries.ts'
import { ConflictHost } from '../../list/conflict-host.tsx'
import { Grid } from '../../list/grid.tsx'
import { LeadPhoneRow } from '../../list/lead-columns.tsx'
import { placeProps } from '../../list/place-props.ts'
import { useIsPhone } from '../../parts/media.ts'
import { editLead } from './edit-lead.ts'
import type { LeadGridProps } from './lead-grid-props.ts'

const LeadGridPopups = lazyPart(() => import('./lead-grid-popups.tsx'))

/** One function for all renders: rows that did not change are not drawn again. */
const drawPhoneRow = (lead: ListedLead) => <LeadPhoneRow lead={lead} />

export function LeadGrid(props: LeadGridProps) {
  const {
    place,
    list,
    columns,
    state,
    row_height,
    selection,
    can_write,
    popups,
    onOpen,
    end_text,
    has_peek = true,
  } = props
  const { ui } = place.address
  const is_phone = useIsPhone()
  return (
    <>
      <Grid<ListedLead>
        label="Leads"
        list={list}
        {...placeProps(place, columns)}
        state={state}
        row_height={row_height}
        rowId={(lead) => lead.id as number}
        isDeleted={(lead) => lead.is_deleted === true}
        selected={selection.ids}
        onSelect={selection.change}
        onOpen={onOpen}
        {...(has_peek && {
          onPeek: (lead: ListedLead) => place.setUi({ peek: ui.peek === String(lead.id) ? '' : String(lead.id) }),
        })}
        onActive={(lead) => {
          if (has_peek && ui.peek && lead && ui.peek !== String(lead.id)) place.setUi({ peek: String(lead.id) })
        }}
        onEdit={
          can_write
            ? (lead, column, value) => editLead(lead, { [column.editor?.field ?? column.id]: value }, column.label)
            : undefined
        }
        onEditPopup={(lead, column, anchor) => popups.editor.open(anchor, { lead, column })}
        onMenu={(lead, column, anchor) => popups.menu.open(anchor, { lead, column })}
        end_text={end_text}
        phoneRow={is_phone ? drawPhoneRow : undefined}
      />
      {(popups.editor.is_open || popups.menu.is_open) && (
        <Suspense>
          <LeadGridPopups {...props} />
        </Suspense>
      )}
      <ConflictHost columns={columns} />
    </>
  )
}
