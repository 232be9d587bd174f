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
import { firstDraft } from '../../../shared/profiles/draft.ts'
import { ProfileEditor } from '../../../shared/profiles/editor.tsx'
import { profilesQuery } from '../../grid-queries.ts'
import { connectionQuery } from '../../queries.ts'

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
  return (
    <ProfileEditor
      connectionId={site.connectionId}
      initial={firstDraft(site, versions, today)}
      saveLabel="Apply"
      save={save}
    />
  )
}
