import { lookup } from 'node:dns/promises'
import { isForbiddenAddress } from '../../market/index.ts'

/** An FSP's address that the server does not call: it leads into the DNO's own network (FM41). */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress'
}

/** Checks, at each call, what a name leads to now: it may have led elsewhere when the FSP applied. */
export function createAddressCheck(arePrivateAllowed: boolean): (url: string) => Promise<void> {
  return async (url) => {
    if (arePrivateAllowed) return
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
    const found = await lookup(host, { all: true })
    const forbidden = found.find(({ address }) => isForbiddenAddress(address))
    if (forbidden) throw new ForbiddenAddress(`${host} leads to the internal address ${forbidden.address}`)
  }
}
