/**
 * Links of the deployment as environment variables: a link `ApifyToken` with a property `value` is APIFY_TOKEN.
 * So the functions read one kind of configuration wherever they run, and their secrets stand in no function's
 * environment in plain text.
 */
export function linkedVariables(links: Readonly<Record<string, unknown>>): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, link] of Object.entries(links)) {
    if (typeof link !== 'object' || link === null || !('value' in link)) continue
    if (typeof link.value === 'string') variables[variableName(name)] = link.value
  }
  return variables
}

/** `ApifyWebhookSecret` is APIFY_WEBHOOK_SECRET. */
export function variableName(link_name: string): string {
  return link_name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()
}
