import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef } from 'react'

const Anchor = forwardRef<HTMLAnchorElement, ButtonProps & AnchorHTMLAttributes<HTMLAnchorElement>>(
  function Anchor(props, ref) {
    return <Button component="a" ref={ref} {...props} />
  },
)

/** A link to another page that looks like a button. */
export const LinkButton = createLink(Anchor)
