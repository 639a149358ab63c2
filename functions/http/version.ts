/** The version of the product, as in package.json. */
export const PRODUCT_VERSION = '1.1.0'

/** The major version of the API, sent as `api-version`. Additions keep it; docs/api.md states the rule. */
export const API_VERSION = '1'

/** Sent with responses to deprecated parameters (RFC 9745, RFC 8594): deprecated since, and supported at least until. */
export const deprecationHeaders = {
  deprecation: `@${Date.UTC(2026, 10, 26) / 1000}`,
  sunset: new Date(Date.UTC(2027, 10, 26)).toUTCString(),
}

export const deprecationDescriptions = {
  deprecation: 'Since when a part of the response is deprecated (RFC 9745).',
  sunset: 'Until when it is sent at least (RFC 8594).',
}
