import { type FspApplication, fspApplication } from '../../../../../schemas/market/parties.ts'
import { readJwk } from '../../clients/jwk.ts'

/** An application as its form has it. */
export interface FspDraft {
  companyName: string
  contactName: string
  contactEmail: string
  baseUrl: string
  tokenEndpoint: string
  clientId: string
  /** How the DNO authenticates at the FSP. */
  authentication: FspApplication['controlApi']['authentication']
  clientSecret: string
  scope: string
  /** How the FSP authenticates at the DNO. */
  method: FspApplication['clientAuthentication']['method']
  key: string
}

export const newFspDraft: FspDraft = {
  companyName: '',
  contactName: '',
  contactEmail: '',
  baseUrl: '',
  tokenEndpoint: '',
  clientId: '',
  authentication: 'private_key_jwt',
  clientSecret: '',
  scope: '',
  method: 'client_secret_basic',
  key: '',
}

const words: Readonly<Record<string, string>> = {
  companyName: 'Enter the company’s name, of 2 letters at least.',
  contactName: 'Enter who answers for it, such as its duty desk.',
  contactEmail: 'Enter an e-mail address, such as desk@flex.example.',
  baseUrl: 'Enter its address, such as https://flex.example/control.',
  tokenEndpoint: 'Enter its address, such as https://flex.example/oidc/token.',
  clientId: 'Enter the identifier that the FSP knows the DNO by.',
  clientSecret: 'Enter the secret that the FSP gave the DNO, of 8 characters at least.',
}

/** The application as the API takes it, or what is wrong by field of the form. */
export function readFsp(draft: FspDraft): { application: FspApplication | null; faults: Map<string, string> } {
  const faults = new Map<string, string>()
  const { companyName, contactName, contactEmail, method, authentication, clientSecret, scope } = draft
  const key = method === 'private_key_jwt' ? readJwk(draft.key) : null
  if (key && !key.ok) faults.set('key', key.fault)
  const parsed = fspApplication.safeParse({
    companyName: companyName.trim(),
    contactName: contactName.trim(),
    contactEmail: contactEmail.trim(),
    controlApi: {
      baseUrl: draft.baseUrl.trim(),
      tokenEndpoint: draft.tokenEndpoint.trim(),
      clientId: draft.clientId.trim(),
      authentication,
      ...(authentication === 'private_key_jwt' ? {} : { clientSecret }),
      ...(scope.trim() === '' ? {} : { scope: scope.trim() }),
    },
    clientAuthentication:
      key?.ok === true ? { method: 'private_key_jwt', jwks: { keys: [key.jwk] } } : { method: 'client_secret_basic' },
  })
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = String(path.at(-1))
    if (!faults.has(field)) faults.set(field, words[field] ?? message)
  }
  return { application: faults.size === 0 && parsed.success ? parsed.data : null, faults }
}
