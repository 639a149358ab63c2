import { useRouter } from '@tanstack/react-router'

/** Opens the page of a row: here, or in a new tab. `pathOf` returns what follows /console, encoded. */
export function useOpenRow<Row>(pathOf: (row: Row) => string): (row: Row, in_new_tab: boolean) => void {
  const { history } = useRouter()
  return (row, in_new_tab) => {
    const href = `/console${pathOf(row)}`
    if (in_new_tab) window.open(href, '_blank', 'noopener')
    else history.push(href)
  }
}
