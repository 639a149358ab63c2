/**
 * Set with `npx sst secret set NAME VALUE`. Each is linked only to the functions whose configuration names it, under
 * the variable of the same name (ApifyToken is APIFY_TOKEN), encrypted beside their code.
 */
export const apifyToken = new sst.Secret('ApifyToken')
export const apifyWebhookSecret = new sst.Secret('ApifyWebhookSecret')

/** Signs the cursors of the API. Made by the deployment: nobody needs to know it. */
export const cursorSecret = new sst.Linkable('CursorSecret', {
  properties: {
    value: $util.secret(new random.RandomPassword('CursorSecretValue', { length: 48, special: false }).result),
  },
})
