import type { ReactNode } from 'react'
import type { Popup } from '../../parts/popup.tsx'
import type { Address, Filter } from '../address.ts'
import type { FilterField } from '../definitions.ts'

export interface FilterBarProps {
  fields: readonly FilterField[]
  address: Address
  onChange: (filters: readonly Filter[]) => void
  /** Open on a field, or on the choice of one (''). */
  popup: Popup<string>
  error: Error | null
  hint?: string
  extra?: ReactNode
}

export type FilterPopupProps = Pick<FilterBarProps, 'fields' | 'onChange' | 'popup'> & {
  filters: readonly Filter[]
  hint: string | undefined
}
