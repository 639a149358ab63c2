/**
 * Links of the deployment as environment variables: the link `ApifyToken` with its `value` is APIFY_TOKEN, the link
 * `SyncQueue` with its `url` is SYNC_QUEUE_URL.
 * So the functions read one kind of configuration wherever they run, and their secrets stand in no function's
 * environment in plain text.
 */
export function toEnvironmentVariables(links: Readonly<Record<string, unknown>>): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, link] of Object.entries(links)) {
    if (typeof link !== 'object' || link === null) continue
    if ('value' in link && typeof link.value === 'string') variables[toVariableName(name)] = link.value
    if ('url' in link && typeof link.url === 'string') variables[`${toVariableName(name)}_URL`] = link.url
  }
  return variables
}

/** `ApifyWebhookSecret` is APIFY_WEBHOOK_SECRET. */
export function toVariableName(link_name: string): string {
  return link_name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()
}
