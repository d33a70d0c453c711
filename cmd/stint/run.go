package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// streams are where a command writes: answers to Out, everything else to Err.
type streams struct {
	Out, Err io.Writer
}

// app is what every command shares.
type app struct {
	streams
	tag lang.Tag
}

// run carries out one command line and returns its exit code. Errors go to standard error as one
// sentence in the language of --lang or the locale.
func run(ctx context.Context, s streams, args []string, getenv func(string) string) int {
	tag, err := language(args, getenv)
	a := &app{streams: s, tag: tag}
	if err == nil {
		root := a.root()
		root.SetArgs(args)
		err = root.ExecuteContext(ctx)
	} else {
		err = usage(err)
	}
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = lang.E(context.Canceled, "terminal.interrupted")
	}
	// Where standard error is gone, the exit code still tells.
	_, _ = fmt.Fprintln(a.Err, a.tag.Text(lang.M("terminal.error", "text", a.sentence(err))))
	return exitCode(err)
}

// language returns what --lang names, before any command is built, so that help speaks it too;
// without the flag the locale decides.
func language(args []string, getenv func(string) string) (lang.Tag, error) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, found := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, found = args[i+1], true
		}
		if found {
			tag, err := lang.Parse(value)
			if err != nil {
				return lang.FromLocale(getenv), fmt.Errorf("--lang: %w", err)
			}
			return tag, nil
		}
	}
	return lang.FromLocale(getenv), nil
}

// root returns the command tree, its help in a.tag.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "stint",
		Short:         a.tag.Word("help.stint"),
		Long:          a.tag.Word("help.stint-long"),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },

		SuggestionsMinimumDistance: 2,
	}
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.PersistentFlags().String("lang", "", a.tag.Word("help.flag-lang"))
	root.SetUsageTemplate(a.usageTemplate())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.AddCommand(
		a.planCommand(), a.periodCommand(), a.verifyCommand(), a.explainCommand(), a.diffCommand(),
		a.serveCommand(), a.publishCommand(), a.quotaCommand(), a.placeCommand(), a.releaseCommand(),
		a.measureCommand(), a.adjustCommand(), a.ordersCommand(), a.auditCommand(), a.repairCommand(),
		a.tokenCommand(),
		a.forecastCommand(), a.apportionCommand(), a.scoreCommand(), a.weightsCommand(),
		a.policyCommand(), a.reportCommand(), a.feedCommand(), a.observeCommand(), a.simCommand(),
		a.exampleCommand(), a.schemaCommand(), a.versionCommand(),
		a.benchCommand(),
	)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Short = a.tag.Word("help.help")
		case "completion":
			c.Short = a.tag.Word("help.completion")
		}
	}
	for _, c := range root.Commands() {
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = a.tag.Word("help.flag-help")
	}
	root.InitDefaultHelpFlag()
	root.Flags().Lookup("help").Usage = a.tag.Word("help.flag-help")
	return root
}

// usageTemplate is cobra's layout with the catalogue's headings.
func (a *app) usageTemplate() string {
	return a.tag.Word("help.usage") + `{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} ...

` + a.tag.Word("help.commands") + `{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasExample}}

` + a.tag.Word("help.examples") + `
{{.Example}}{{end}}{{if .HasAvailableLocalFlags}}

` + a.tag.Word("help.flags") + `
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

` + a.tag.Word("help.global-flags") + `
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`
}

// knownCommand refuses a word that is no command, with the commands that look like it.
func (a *app) knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	near := c.SuggestionsFor(args[0])
	if len(near) == 0 {
		for _, known := range c.Commands() {
			near = append(near, known.Name())
		}
	}
	return usage(lang.E(nil, "terminal.unknown-command", "got", args[0], "known", near))
}

// exactly returns a check for n positional arguments that fails as a usage error.
func (a *app) exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return usage(lang.E(nil, "terminal.arguments",
			"command", c.CommandPath(), "use", c.UseLine(), "want", n, "got", len(args)))
	}
}
