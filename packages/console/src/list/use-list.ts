import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { isApiError } from '../api/problem.ts'
import { type ApiQuery, countQuery, listQuery, queryClient } from '../api/queries.ts'

export type ListPath = Parameters<typeof listQuery>[1]

export interface ListState<Row> {
  rows: readonly Row[]
  is_loading: boolean
  /** Old rows are shown while new ones are on their way. */
  is_stale: boolean
  error: Error | null
  has_more: boolean
  is_loading_more: boolean
  count: { value: number; relation: 'exact' | 'at_least' } | undefined
  loadMore: () => void
  refresh: () => void
  /** Keeps the first page only and reads it again. */
  restart: () => void
}

/** A list by cursor and, separately, its number of rows. `query` also selects the columns. */
export function useList<Row>(list: string, path: ListPath, query: ApiQuery, fields?: string): ListState<Row> {
  const options = listQuery<Row>(list, path, fields ? { ...query, fields } : query)
  const result = useInfiniteQuery(options)
  const count = useQuery(countQuery(list, path, query))
  const rows = useMemo(() => result.data?.pages.flatMap((page) => page.data) ?? [], [result.data])
  const { fetchNextPage, hasNextPage, isFetchingNextPage, refetch, error } = result
  const restart = (): void => {
    queryClient.setQueryData(options.queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
    )
    void refetch()
    void count.refetch()
  }
  const is_cursor_lost = isApiError(error, 'invalid_cursor')
  useEffect(() => {
    if (is_cursor_lost) void queryClient.resetQueries({ queryKey: [list, 'list', path] })
  }, [is_cursor_lost, list, path])
  return {
    rows,
    is_loading: result.isPending,
    is_stale: result.isPlaceholderData || (result.isRefetching && !isFetchingNextPage),
    error: is_cursor_lost ? null : error,
    has_more: hasNextPage,
    is_loading_more: isFetchingNextPage,
    count: count.data,
    loadMore: () => void (hasNextPage && !isFetchingNextPage && fetchNextPage()),
    refresh: () => void Promise.all([refetch(), count.refetch()]),
    restart,
  }
}
