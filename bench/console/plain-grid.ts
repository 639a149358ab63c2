/**
 * Puts a grid without React in the place of the console's: the same elements with the same styles, moved and given other
 * texts by twenty lines of script. What its frames take is the browser's share of the work.
 */
export const MAKE_PLAIN_GRID = `(() => {
  const grid = document.querySelector('[role=grid]')
  const plain = grid.cloneNode(true)
  grid.replaceWith(plain)
  const head = plain.querySelector('[role=row]')
  const rows = [...plain.querySelectorAll('[role=row]')].slice(1)
  const height = rows[0].offsetHeight
  const textsOf = (row) => {
    const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT)
    const texts = []
    while (walker.nextNode()) texts.push(walker.currentNode)
    return texts
  }
  const nodes = rows.map(textsOf)
  const values = nodes.map((row) => row.map(({ data }) => data))
  const shown = rows.map(() => -1)
  plain.addEventListener('scroll', () => {
    const first = Math.max(0, Math.floor((plain.scrollTop - head.offsetHeight) / height) - 12)
    for (let index = first; index < first + rows.length; index += 1) {
      const place = index % rows.length
      if (shown[place] === index) continue
      shown[place] = index
      rows[place].style.top = index * height + 'px'
      const other = values[(index * 7) % rows.length]
      nodes[place].forEach((node, position) => { node.data = other[position] ?? '' })
    }
  })
})()`
