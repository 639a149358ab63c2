const MEMBER = 'linkedin_member:'

/**
 * Whether two leads have a LinkedIn page or number in common. The name of a page and the number of its member are two
 * forms, which say nothing of each other: one person has both.
 */
export function compareLinkedin(a: readonly string[], b: readonly string[]): 'same' | 'differs' | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  if (a.some((identity) => b.includes(identity))) return 'same'
  const differs = [true, false].some(
    (isMember) =>
      a.some((one) => one.startsWith(MEMBER) === isMember) && b.some((one) => one.startsWith(MEMBER) === isMember),
  )
  return differs ? 'differs' : undefined
}
