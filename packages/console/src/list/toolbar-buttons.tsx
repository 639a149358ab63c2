import Columns3Icon from 'lucide-react/icons/columns-3'
import ListFilterIcon from 'lucide-react/icons/list-filter'
import { Suspense } from 'react'
import { lazyPart } from '../api/load-part.ts'
import { Button, IconButton } from '../parts/basics.tsx'
import { type Popup, usePopup } from '../parts/popup.tsx'
import type { Column, ShownColumn } from './columns.ts'
import css from './toolbar.module.css'
import type { AddressState } from './use-address.ts'

const ColumnsMenu = lazyPart(() => import('./columns-menu.tsx')) as typeof import('./columns-menu.tsx').default

/** The key of the filters opens them here. */
export const findFilterButton = (): Element | null => document.querySelector('[data-filter-button]')

export const FilterButton = ({ popup }: { popup: Popup<string> }) => (
  <Button data-filter-button aria-label="Filter" onClick={(event) => popup.open(event.currentTarget, '')}>
    <ListFilterIcon size={14} aria-hidden />
    <span className={css.label}>Filter</span>
  </Button>
)

interface ColumnsButtonProps<Row> {
  place: AddressState
  all: readonly Column<Row>[]
  shown: readonly ShownColumn<Row>[]
}

export function ColumnsButton<Row>({ place, all, shown }: ColumnsButtonProps<Row>) {
  const popup = usePopup()
  return (
    <>
      <span className={css.hidePhone}>
        <IconButton label="Columns" look="plain" onClick={(event) => popup.open(event.currentTarget, true)}>
          <Columns3Icon size={14} aria-hidden />
        </IconButton>
      </span>
      {popup.is_open && (
        <Suspense>
          <ColumnsMenu
            anchor={popup.anchor}
            onClose={popup.close}
            all={all}
            shown={shown.map(({ id }) => id)}
            onChange={(ids) => place.setUi(ids ? { cols: ids.join(',') } : { cols: '', widths: '' })}
          />
        </Suspense>
      )}
    </>
  )
}
