import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import type { ProfileApplication, ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { addDays } from '../../../shared/format/time.ts'
import { profilesQuery } from '../../grid-queries.ts'
import { connectionQuery } from '../../queries.ts'
import { type Draft, draftOf } from './draft.ts'
import { ProfileEditor } from './editor.tsx'

/** Applies for a new version of a connection's profile, beginning with the one that holds now. */
export function Apply() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/apply' })
  const site = useQuery(connectionQuery(connectionId))
  const versions = useQuery(profilesQuery({ connectionId }))
  return (
    <Page
      title={site.data ? `New profile for ${site.data.name}` : 'New profile'}
      actions={
        <LinkButton to="/connections/$connectionId" params={{ connectionId }}>
          Back to the connection
        </LinkButton>
      }
    >
      <Loaded query={site}>
        {(connection) => <Loaded query={versions}>{(known) => <Form site={connection} versions={known} />}</Loaded>}
      </Loaded>
    </Page>
  )
}

function Form({ site, versions }: { site: Connection; versions: readonly ProfileVersion[] }) {
  const today = useToday()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (application: ProfileApplication) =>
      api.call(operations.applyForProfile, { params: { id: site.connectionId }, body: application }),
    onSuccess: ({ profileId }) => {
      void queries.invalidateQueries({ queryKey: ['profiles'] })
      void navigate({ to: '/applications/$profileId', params: { profileId } })
    },
  })
  return <ProfileEditor initial={firstDraft(site, versions, today)} saveLabel="Apply" save={save} />
}

/** The approved version from tomorrow on; without one a flat limit of the agreed supply capacity. */
function firstDraft(site: Connection, versions: readonly ProfileVersion[], today: string): Draft {
  const approved = versions.filter((v) => v.state === 'approved').toSorted((a, b) => b.version - a.version)[0]
  const span = { validFrom: addDays(today, 1), validTo: addDays(today, 365) }
  if (approved) return { ...draftOf(approved), ...span, note: '' }
  const flat = [{ from: '00:00', kw: String(site.ascKva) }]
  return { ...span, fallbackKw: '', note: '', weekday: flat, weekend: flat, seasons: [], exceptions: [] }
}
