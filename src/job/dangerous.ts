/** Read by the loader and the C library, or by shells as functions, under any name that begins so. */
const families = /^(?:LD_|LDR_|DYLD_|_RLD|BASH_FUNC_)/;

const names: ReadonlySet<string> = new Set([
  // The loader and the C library.
  'GCONV_PATH',
  'GETCONF_DIR',
  'GLIBC_TUNABLES',
  'HOSTALIASES',
  'LIBPATH',
  'LOCALDOMAIN',
  'LOCPATH',
  'NLSPATH',
  'OPENSSL_CONF',
  'OPENSSL_ENGINES',
  'OPENSSL_MODULES',
  'PATH_LOCALE',
  'RES_OPTIONS',
  'SHLIB_PATH',
  // Shells.
  'BASHOPTS',
  'BASH_ENV',
  'CDPATH',
  'ENV',
  'FPATH',
  'GLOBIGNORE',
  'IFS',
  'NULLCMD',
  'PS4',
  'READNULLCMD',
  'SHELLOPTS',
  'ZDOTDIR',
  // Interpreters.
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  'NODE_OPTIONS',
  'PERL5DB',
  'PERL5OPT',
  'PERLIO_DEBUG',
  'PYTHONHOME',
  'PYTHONINSPECT',
  'PYTHONSTARTUP',
  'RUBYOPT',
  '_JAVA_OPTIONS',
]);

/**
 * Whether a variable of this name makes a program load code or change its meaning before it does what it was told to.
 * Set for what root starts under another account, it can decide what root itself executes. The list follows
 * initial_badenv_table in sudo's plugins/sudoers/env.c, without what only says where to look for modules: PYTHONPATH
 * and its like are the daily bread of jobs, and are read after root has gone.
 */
export function isDangerousName(name: string): boolean {
  return families.test(name) || names.has(name);
}
