import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { SettingInForce } from '../../../../schemas/access/settings.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { useRefusal } from '../../session.ts'
import { settingVersionsQuery } from '../../setting-queries.ts'
import { WaitingFor } from '../proposals/proposal-view.tsx'
import { figureWords, readFigure, shownFigure, wantedWords } from './figures.ts'

type Values = SettingInForce['values']

/** One setting: what it decides, its figures with a form to propose others, and every version. */
export function SettingPanel({ setting, onClose }: { setting: SettingInForce; onClose: () => void }) {
  return (
    <SidePanel title={setting.title} onClose={onClose}>
      <PanelPart title="What they decide">
        <p style={{ margin: 0 }}>{setting.description}</p>
        <p className="rm-secondary" style={{ margin: 0 }}>
          Defaults: {setting.source}
        </p>
      </PanelPart>
      <PanelPart title="Figures">
        <FiguresForm setting={setting} />
      </PanelPart>
      <PanelPart title="Versions">
        <Versions settingId={setting.settingId} />
      </PanelPart>
    </SidePanel>
  )
}

function FiguresForm({ setting: { settingId, values, defaults } }: { setting: SettingInForce }) {
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shownFigure(value)])),
  )
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'flexibility-engineer', 'settlement')
  const read = Object.keys(values).map((name) => [name, readFigure(typed[name] ?? '', values[name])] as const)
  const body = Object.fromEntries(read.filter((one): one is [string, Values[string]] => one[1] !== null))
  const isRead = read.every(([, value]) => value !== null)
  const isChanged = !isSameData(body, values)
  const propose = useMutation({
    mutationFn: () => api.call(operations.changeSetting, { params: { settingId }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingQuery.queryKey }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isRead) propose.mutate()
  }
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 12 }}>
      <Fields>
        {read.map(([name, value]) => (
          <Field
            key={name}
            label={figureWords(name)}
            hint={`Default ${shownFigure(defaults[name])}`}
            value={typed[name]}
            fault={tried && value === null ? wantedWords(values[name]) : undefined}
            onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
          />
        ))}
      </Fields>
      <Notice>Changed figures apply once a second person has approved them. Existing results stay as they are.</Notice>
      <WaitingFor subjectId={settingId} />
      {propose.isError && <ProblemNotice error={propose.error} />}
      <span>
        <Button
          type="submit"
          loading={propose.isPending}
          disabled={refusal !== null || !isChanged}
          title={refusal ?? undefined}
        >
          Propose these figures
        </Button>
        {refusal && <span className="rm-secondary"> {refusal}</span>}
      </span>
    </form>
  )
}

function Versions({ settingId }: { settingId: string }) {
  const query = useQuery(settingVersionsQuery(settingId))
  return (
    <Loaded query={query}>
      {(versions) => (
        <PanelFacts
          items={versions.map(({ version, values, changedAt, proposedBy, changedBy }) => [
            changedAt === null ? 'Defaults' : `Version ${version}`,
            <span key={version}>
              {Object.values(values).map(shownFigure).join(' · ')}
              {changedAt !== null && (
                <span className="rm-secondary">
                  {` from ${dayAndTime(changedAt)}, proposed by ${proposedBy}, approved by ${changedBy}`}
                </span>
              )}
            </span>,
          ])}
        />
      )}
    </Loaded>
  )
}
