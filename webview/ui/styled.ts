import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';
import { noChange } from 'lit/html.js';

/**
 * Sets style properties on an element from script, which the content security policy allows. Lit's own `styleMap` writes the style
 * attribute on the first rendering, which the policy blocks.
 */
class Styled extends Directive {
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT)
      throw new Error('styled() stands in a tag, not in an attribute.');
  }

  /** For its type alone: `update` does the work. */
  render(...[]: [Readonly<Record<string, string>>]): typeof noChange {
    return noChange;
  }

  override update(
    part: ElementPart,
    [properties]: [Readonly<Record<string, string>>],
  ): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
    return noChange;
  }
}

export const styled = directive(Styled);
