/** The version of the product, as in package.json. */
export const PRODUCT_VERSION = '1.0.0'

/** The major version of the API, sent as `api-version`. Additions keep it; docs/api.md states the rule. */
export const API_VERSION = '1'
