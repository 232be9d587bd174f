import type * as oauth from 'oauth4webapi'

/** How a secret is written into the header of HTTP Basic. */
export type SecretForm = 'encoded' | 'plain'

/** As application/x-www-form-urlencoded writes it: letters, digits and `*-._` stay as they are. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

/** Whether a client's secret reads differently when it is encoded, so that an endpoint might want the other form. */
export function hasTwoForms(clientId: string, secret: string): boolean {
  return formEncoded(clientId) !== clientId || formEncoded(secret) !== secret
}

/**
 * A client's identity and secret by HTTP Basic. RFC 6749, section 2.3.1 has both form-encoded first; some endpoints compare them without
 * decoding. The library encodes characters that no encoder has to, as the hyphen, which those endpoints refuse too.
 */
export function basicAuthentication(secret: string, form: SecretForm): oauth.ClientAuth {
  const write = form === 'encoded' ? formEncoded : (text: string) => text
  return (_server, { client_id: clientId }, _body, headers) => {
    const credentials = Buffer.from(`${write(clientId)}:${write(secret)}`).toString('base64')
    headers.set('authorization', `Basic ${credentials}`)
  }
}
