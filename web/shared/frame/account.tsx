import { type ComponentType, Suspense, useState } from 'react'
import { AccountButton } from './account-button.tsx'

/** The menu is loaded with the first click: few people open it on most of their visits. */
export function Account<S extends { fullName: string }>({
  session,
  menu: Menu,
}: {
  session: S | undefined
  menu: ComponentType<{ session: S }>
}) {
  const [isAsked, setIsAsked] = useState(false)
  if (!session) return null
  const button = <AccountButton fullName={session.fullName} onClick={() => setIsAsked(true)} />
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <Menu session={session} />
    </Suspense>
  )
}
