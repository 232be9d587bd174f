import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type BaseProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & { ref?: Ref<HTMLAnchorElement> }

function Base(props: BaseProps) {
  return <Button component="a" {...props} />
}

/** A link that looks like a button: for what leads elsewhere and changes nothing. */
export const LinkButton = createLink(Base)
