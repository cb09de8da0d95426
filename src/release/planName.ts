/** How the name of a plan file ends. */
export const planSuffix = '.cablecar.yaml';
