/** Whether this login may see the end of the trail: readers may, those who only drop may not. */
export const mayReadHead = "SELECT has_table_privilege('audit.head', 'SELECT') AS may";
