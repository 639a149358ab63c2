import { useLocation, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import {
  type Address,
  type Filter,
  type FilterKinds,
  formatAddress,
  parseAddress,
  type Search,
  toApiQuery,
} from './address.ts'

export interface AddressState {
  address: Address
  /** What the API is asked. */
  query: Record<string, string | string[]>
  search: Search
  /** Names this history entry, for what is remembered of it. */
  entry_key: string
  /** Another search goes with it if it is given. */
  setFilters(filters: readonly Filter[], q?: string): void
  setQuery(q: string): void
  setSort(sort: string): void
  setUi(change: Readonly<Record<string, string>>, is_replaced?: boolean): void
}

/** The address of a list and the ways to change it. Typing replaces the history entry, all else adds one. */
export function useAddress(kinds: FilterKinds): AddressState {
  const location = useLocation()
  const navigate = useNavigate()
  const search = location.search as Search
  const address = useMemo(() => parseAddress(kinds, search), [kinds, search])
  const query = useMemo(() => toApiQuery(kinds, address), [kinds, address])
  const go = (change: Partial<Address>, replace: boolean): void =>
    void navigate({
      to: '.',
      search: formatAddress(kinds, { ...address, ...change }) as never,
      replace,
      resetScroll: false,
    })
  return {
    address,
    query,
    search,
    entry_key: `${location.pathname} ${JSON.stringify(query)}`,
    setFilters: (filters, q = address.q) => go({ filters, q }, false),
    setQuery: (q) => go({ q }, true),
    setSort: (sort) => go({ sort }, false),
    setUi: (change, is_replaced = true) => go({ ui: { ...address.ui, ...change } }, is_replaced),
  }
}
