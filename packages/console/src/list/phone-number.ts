const PHONE_DIGITS_MIN = 6

/** Whether a text can only be a phone number. The search does not find those, the filter does, however they are written. */
export const isPhoneNumber = (text: string): boolean =>
  /^[+(]?\d[\d\s()./-]*$/.test(text.trim()) && text.replace(/\D/g, '').length >= PHONE_DIGITS_MIN
