import PerplexCommands
import Terminal

perplex.main()
