import { Textarea } from '@mantine/core'
import { controlAuthentication } from '../../../../../schemas/market/parties.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import type { FspDraft } from './fsp-draft.ts'

interface FspFieldsProps {
  draft: FspDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<FspDraft>) => void
}

const authenticationWords: Record<FspDraft['authentication'], string> = {
  private_key_jwt: 'a key of the DNO, whose public part it fetches',
  client_secret_basic: 'a secret, in the header',
  client_secret_post: 'a secret, in the body',
}

/** Who it is, where the DNO calls it, and how it calls the DNO. */
export function FspFields({ draft, fault, set }: FspFieldsProps) {
  const text = (field: keyof FspDraft, label: string, hint?: string) => (
    <Field
      label={label}
      value={draft[field]}
      fault={fault(field)}
      hint={hint}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  )
  return (
    <>
      <Fields>
        {text('companyName', 'Company')}
        {text('contactName', 'Contact')}
        {text('contactEmail', 'E-mail', 'Instructions go there while its control API does not work.')}
        {text('baseUrl', 'Control API')}
        {text('tokenEndpoint', 'Its token endpoint')}
        {text('clientId', 'The DNO’s client there')}
        <Choice
          label="The DNO proves itself with"
          value={draft.authentication}
          onChange={(event) => set({ authentication: controlAuthentication.parse(event.currentTarget.value) })}
        >
          {controlAuthentication.options.toReversed().map((method) => (
            <option key={method} value={method}>
              {authenticationWords[method]}
            </option>
          ))}
        </Choice>
        {draft.authentication !== 'private_key_jwt' && (
          <Field
            label="The DNO’s secret there"
            type="password"
            autoComplete="off"
            value={draft.clientSecret}
            fault={fault('clientSecret')}
            onChange={(event) => set({ clientSecret: event.currentTarget.value })}
          />
        )}
        {text('scope', 'Scope there', 'Optional; control if it is left out.')}
        <Choice
          label="It proves itself here with"
          value={draft.method}
          onChange={(event) => set({ method: event.currentTarget.value as FspDraft['method'] })}
        >
          <option value="client_secret_basic">a secret, which is shown once</option>
          <option value="private_key_jwt">a key of its own</option>
        </Choice>
      </Fields>
      {draft.method === 'private_key_jwt' && (
        <Textarea
          size="sm"
          label="Its public key (JWK)"
          autosize
          minRows={4}
          maxRows={10}
          value={draft.key}
          error={fault('key')}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
      )}
    </>
  )
}
