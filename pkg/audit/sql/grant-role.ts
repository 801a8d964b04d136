/** Makes a login a member of one of the trail's roles. Neither can be a parameter of a statement. */
export const grantRole = `
SELECT format('GRANT %I TO %I', $1::text, $2::text) AS statement`;
