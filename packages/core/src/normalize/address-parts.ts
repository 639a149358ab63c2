/** Parts of an address. The country is an alpha-2 code. */
export interface AddressParts {
  city: string | null
  state: string | null
  postal_code: string | null
  country: string | null
}
